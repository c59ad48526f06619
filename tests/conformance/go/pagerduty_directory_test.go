package conformance

import (
	"testing"
	"time"

	"github.com/PagerDuty/go-pagerduty"
)

func TestPagerDutyTag(t *testing.T) {
	client := pd(t)
	id := worker(t, "tag.pd@acme.example")
	made := must(
		client.CreateTagWithContext(ctx, &pagerduty.Tag{APIObject: pagerduty.APIObject{Type: "tag"}, Label: "eu-west"}),
	)(
		t,
	)
	read := must(client.GetTagWithContext(ctx, made.ID))(t)
	same(t, "tag", []any{read.Label, read.Type}, []any{"eu-west", "tag"})
	all := must(client.ListTagsPaginated(ctx, pagerduty.ListTagOptions{Query: "eu-west", Limit: 100}))(t)
	same(t, "data source", len(all), 1)
	team := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{Name: "Tagged"}))(t)
	policy := ladder(t, "Tagged", target("user_reference", id))
	add := &pagerduty.TagAssignments{Add: []*pagerduty.TagAssignment{{Type: "tag_reference", TagID: made.ID}}}
	for kind, entity := range map[string]string{"users": id, "teams": team.ID, "escalation_policies": policy} {
		done(t, client.AssignTagsWithContext(ctx, kind, entity, add))
		same(
			t, "assigned to "+kind,
			len(must(client.GetTagsForEntityPaginated(ctx, kind, entity, pagerduty.ListTagOptions{}))(t)), 1,
		)
	}
	same(t, "users", must(client.GetUsersByTagPaginated(ctx, made.ID))(t)[0].ID, id)
	same(t, "teams", must(client.GetTeamsByTagPaginated(ctx, made.ID))(t)[0].ID, team.ID)
	same(t, "policies", must(client.GetEscalationPoliciesByTagPaginated(ctx, made.ID))(t)[0].ID, policy)
	done(t, client.AssignTagsWithContext(ctx, "users", id, &pagerduty.TagAssignments{
		Add: []*pagerduty.TagAssignment{
			{Type: "tag", Label: "new"},
		}, Remove: []*pagerduty.TagAssignment{{Type: "tag_reference", TagID: made.ID}},
	}))
	same(
		t, "re-tagged",
		must(client.GetTagsForEntityPaginated(ctx, "users", id, pagerduty.ListTagOptions{}))(t)[0].Label, "new",
	)
	done(t, client.DeleteTagWithContext(ctx, made.ID))
	_, err := client.GetTagWithContext(ctx, made.ID)
	lost(t, "tag", err)
	done(t, client.DeleteTeamWithContext(ctx, team.ID))
}

func TestPagerDutyBusinessService(t *testing.T) {
	client := pd(t)
	service := desk(
		t, "supporting", ladder(t, "Business", target("user_reference", worker(t, "business.pd@acme.example"))),
	)
	team := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{Name: "Business"}))(t)
	made := must(client.CreateBusinessServiceWithContext(ctx, &pagerduty.BusinessService{
		Name: "Shop", Description: "x", PointOfContact: "ana", Team: &pagerduty.BusinessServiceTeam{ID: team.ID},
	}))(t)
	read := must(client.GetBusinessServiceWithContext(ctx, made.ID))(t)
	same(
		t, "business service", []any{read.Name, read.Description, read.PointOfContact, read.Team.ID, read.Type},
		[]any{"Shop", "x", "ana", team.ID, "business_service"},
	)
	read.Description = "y"
	must(client.UpdateBusinessServiceWithContext(ctx, read))(t)
	same(t, "edited", must(client.GetBusinessServiceWithContext(ctx, made.ID))(t).Description, "y")
	same(
		t, "data source",
		len(must(client.ListBusinessServicesPaginated(ctx, pagerduty.ListBusinessServiceOptions{}))(t)), 1,
	)

	edge := &pagerduty.ListServiceDependencies{Relationships: []*pagerduty.ServiceDependency{{
		SupportingService: &pagerduty.ServiceObj{
			ID: service.ID, Type: "service",
		}, DependentService: &pagerduty.ServiceObj{ID: made.ID, Type: "business_service"},
	}}}
	linked := must(client.AssociateServiceDependenciesWithContext(ctx, edge))(t).Relationships
	same(
		t, "dependency",
		[]any{len(linked), linked[0].SupportingService.ID, linked[0].DependentService.ID, linked[0].ID != ""},
		[]any{1, service.ID, made.ID, true},
	)
	for _, found := range []*pagerduty.ListServiceDependencies{
		must(client.ListBusinessServiceDependenciesWithContext(ctx, made.ID))(t), must(client.ListTechnicalServiceDependenciesWithContext(ctx, service.ID))(t),
	} {
		same(t, "read", []any{len(found.Relationships), found.Relationships[0].ID}, []any{1, linked[0].ID})
	}
	edge.Relationships[0].ID = linked[0].ID
	must(client.DisassociateServiceDependenciesWithContext(ctx, edge))(t)
	same(t, "gone", len(must(client.ListTechnicalServiceDependenciesWithContext(ctx, service.ID))(t).Relationships), 0)
	done(t, client.DeleteBusinessServiceWithContext(ctx, made.ID))
	_, err := client.GetBusinessServiceWithContext(ctx, made.ID)
	lost(t, "business service", err)
	done(t, client.DeleteTeamWithContext(ctx, team.ID))
}

func TestPagerDutyExtension(t *testing.T) {
	client := pd(t)
	service := desk(
		t, "extended", ladder(t, "Extended", target("user_reference", worker(t, "extension.pd@acme.example"))),
	)
	schemas := must(client.ListExtensionSchemasWithContext(ctx, pagerduty.ListExtensionSchemaOptions{Limit: 100}))(t)
	same(t, "schemas", len(schemas.ExtensionSchemas) > 0, true)
	schema := schemas.ExtensionSchemas[0]
	must(client.GetExtensionSchemaWithContext(ctx, schema.ID))(t)
	extension := &pagerduty.Extension{
		APIObject: pagerduty.APIObject{
			Type: "extension",
		}, Name: "hook", EndpointURL: "https://hook.example/x", Config: map[string]any{"k": "v"},
		ExtensionSchema: target(
			"extension_schema_reference", schema.ID,
		), ExtensionObjects: []pagerduty.APIObject{target("service_reference", service.ID)},
	}
	made := must(client.CreateExtensionWithContext(ctx, extension))(t)
	read := must(client.GetExtensionWithContext(ctx, made.ID))(t)
	same(
		t, "extension",
		[]any{read.Name, read.EndpointURL, read.Config, read.ExtensionSchema.ID, read.ExtensionObjects[0].ID},
		[]any{"hook", "https://hook.example/x", extension.Config, schema.ID, service.ID},
	)
	extension.Name = "hooks"
	must(client.UpdateExtensionWithContext(ctx, made.ID, extension))(t)
	found := must(client.ListExtensionsWithContext(ctx, pagerduty.ListExtensionOptions{ExtensionObjectID: service.ID}))(
		t,
	)
	same(t, "data source", []any{len(found.Extensions), found.Extensions[0].Name}, []any{1, "hooks"})
	must(client.EnableExtension(ctx, made.ID))(t)
	done(t, client.DeleteExtensionWithContext(ctx, made.ID))
	_, err := client.GetExtensionWithContext(ctx, made.ID)
	lost(t, "extension", err)
}

func TestPagerDutyDirectory(t *testing.T) {
	client := pd(t)
	abilities := must(client.ListAbilitiesWithContext(ctx))(t).Abilities
	done(t, client.TestAbilityWithContext(ctx, abilities[0]))
	vendors := must(client.ListVendorsWithContext(ctx, pagerduty.ListVendorOptions{Limit: 100}))(t)
	same(t, "vendors", []any{len(vendors.Vendors) > 0, vendors.Limit}, []any{true, 100})
	same(t, "vendor", must(client.GetVendorWithContext(ctx, vendors.Vendors[0].ID))(t).Name, vendors.Vendors[0].Name)
	priorities := must(client.ListPrioritiesWithContext(ctx, pagerduty.ListPrioritiesOptions{}))(t).Priorities
	same(t, "priorities", []any{len(priorities), priorities[0].Name}, []any{5, "P1"})
	licenses := must(client.ListLicensesWithContext(ctx))(t).Licenses
	same(t, "licences", len(licenses) > 0 && len(licenses[0].ValidRoles) > 0, true)
	worker(t, "licence.pd@acme.example")
	must(client.ListLicenseAllocationsWithContext(ctx, pagerduty.ListLicenseAllocationsOptions{Limit: 10}))(t)

	// Cursor paging: as many pages as records.
	for _, name := range []string{"Audit 1", "Audit 2", "Audit 3"} {
		team := must(client.CreateTeamWithContext(ctx, &pagerduty.Team{Name: name}))(t)
		done(t, client.DeleteTeamWithContext(ctx, team.ID))
	}
	// Not with ListAuditRecordsPaginated, which panics at the last page: the description has null there, and so has the service.
	options := pagerduty.ListAuditRecordsOptions{
		Limit: 2, Actions: []string{"delete"}, Since: time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
	}
	records := 0
	for {
		page := must(client.ListAuditRecords(ctx, options))(t)
		records += len(page.Records)
		if page.NextCursor == nil {
			break
		}
		options.Cursor = *page.NextCursor
	}
	same(t, "audit records", records >= 3, true)

	// Classic paging walks on while there is more.
	for range 30 {
		must(client.CreateTagWithContext(ctx, &pagerduty.Tag{Label: time.Now().Format("150405.000000000")}))(t)
	}
	tags := must(client.ListTagsPaginated(ctx, pagerduty.ListTagOptions{}))(t)
	same(t, "tags", len(tags) >= 30, true)
	for _, one := range tags {
		done(t, client.DeleteTagWithContext(ctx, one.ID))
	}
}
