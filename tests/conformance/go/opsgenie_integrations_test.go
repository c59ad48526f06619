package conformance

import (
	"testing"

	"github.com/opsgenie/opsgenie-go-sdk-v2/integration"
	"github.com/opsgenie/opsgenie-go-sdk-v2/og"
)

func drop(data map[string]interface{}) map[string]interface{} {
	for _, name := range data["_readOnly"].([]interface{}) {
		delete(data, name.(string))
	}
	return data
}

func TestApiIntegration(t *testing.T) {
	integrations := must(integration.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Integrators")
	made := must(integrations.CreateApiBased(ctx, &integration.APIBasedIntegrationRequest{
		Name: "api-1", Type: "API", AllowWriteAccess: yes(), IgnoreRespondersFromPayload: no(), SuppressNotifications: no(),
		OwnerTeam: &og.OwnerTeam{Id: owner}, Responders: []integration.Responder{{Type: integration.Team, Id: owner}},
	}))(t)
	same(t, "key", len(made.ApiKey), 36)
	must(integrations.Enable(ctx, &integration.EnableIntegrationRequest{Id: made.Id}))(t)
	get := &integration.GetRequest{Id: made.Id}
	read := must(integrations.Get(ctx, get))(t).Data
	team := read["ownerTeam"].(map[string]interface{})
	same(
		t, "integration", []any{
			read["name"], read["type"], read["allowWriteAccess"], read["enabled"], read["suppressNotifications"],
			team["id"],
		},
		[]any{"api-1", "API", true, true, false, owner},
	)

	// The provider writes the object whole, and names neither owner nor webhook.
	must(integrations.ForceUpdateAllFields(ctx, &integration.UpdateIntegrationRequest{
		Id: made.Id, Name: "api-2", Type: "API", IgnoreRespondersFromPayload: no(), SuppressNotifications: yes(), Responders: []integration.Responder{},
		Enabled: no(), OtherFields: drop(read), Headers: map[string]string{},
	}))(t)
	read = must(integrations.Get(ctx, get))(t).Data
	team, _ = read["ownerTeam"].(map[string]interface{})
	same(
		t, "edited",
		[]any{read["name"], read["enabled"], read["suppressNotifications"], read["allowWriteAccess"], team["id"]},
		[]any{"api-2", false, true, true, owner},
	)
	must(integrations.Disable(ctx, &integration.DisableIntegrationRequest{Id: made.Id}))(t)
	found := false
	for _, one := range must(integrations.List(ctx))(t).Integrations {
		found = found || (one.Id == made.Id && one.TeamId == owner)
	}
	same(t, "listed", found, true)
	must(integrations.Authenticate(ctx, &integration.AuthenticateIntegrationRequest{Type: "API"}))(t)
	must(integrations.Delete(ctx, &integration.DeleteIntegrationRequest{Id: made.Id}))(t)
	again, err := integrations.Get(ctx, get)
	gone(t, "integration", again, err)
}

func TestWebhookIntegration(t *testing.T) {
	integrations := must(integration.NewClient(opsgenie(t)))(t)
	made := must(integrations.CreateWebhook(ctx, &integration.WebhookIntegrationRequest{
		Name: "hook", Type: "Webhook", AllowWriteAccess: no(), SuppressNotifications: no(), Responders: []integration.Responder{},
		WebhookUrl: "http://127.0.0.1:9/hook", Headers: map[string]string{"X-A": "b"},
	}))(t)
	must(integrations.Enable(ctx, &integration.EnableIntegrationRequest{Id: made.Id}))(t)
	read := must(integrations.Get(ctx, &integration.GetRequest{Id: made.Id}))(t).Data
	same(
		t, "webhook", []any{read["type"], read["url"], read["headers"], read["allowWriteAccess"]},
		[]any{"Webhook", "http://127.0.0.1:9/hook", map[string]string{"X-A": "b"}, false},
	)
	must(integrations.ForceUpdateAllFields(ctx, &integration.UpdateIntegrationRequest{
		Id: made.Id, Name: "hook", Type: "Webhook", IgnoreRespondersFromPayload: no(), SuppressNotifications: no(), Responders: []integration.Responder{},
		Enabled: yes(), OtherFields: drop(read), WebhookUrl: "http://127.0.0.1:9/other", Headers: map[string]string{},
	}))(t)
	read = must(integrations.Get(ctx, &integration.GetRequest{Id: made.Id}))(t).Data
	same(t, "edited", read["url"], "http://127.0.0.1:9/other")
	must(integrations.Delete(ctx, &integration.DeleteIntegrationRequest{Id: made.Id}))(t)
}

func TestEmailIntegration(t *testing.T) {
	integrations := must(integration.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Mailers")
	made := must(integrations.CreateEmailBased(ctx, &integration.EmailBasedIntegrationRequest{
		Name: "mail", Type: "Email", EmailUsername: "inbox", IgnoreRespondersFromPayload: no(), SuppressNotifications: no(),
		OwnerTeam: &og.OwnerTeam{Id: owner}, Responders: []integration.Responder{},
	}))(t)
	must(integrations.Enable(ctx, &integration.EnableIntegrationRequest{Id: made.Id}))(t)
	read := must(integrations.Get(ctx, &integration.GetRequest{Id: made.Id}))(t).Data
	team, _ := read["ownerTeam"].(map[string]interface{})
	same(
		t, "email",
		[]any{read["name"], read["emailUsername"], read["enabled"], read["suppressNotifications"], team["id"]},
		[]any{"mail", "inbox", true, false, owner},
	)
	must(integrations.ForceUpdateAllFields(ctx, &integration.UpdateIntegrationRequest{
		Id: made.Id, Name: "mail-2", Type: "Email", EmailUsername: "inbox2", IgnoreRespondersFromPayload: no(), SuppressNotifications: yes(),
		Responders: []integration.Responder{}, Enabled: yes(),
	}))(t)
	read = must(integrations.Get(ctx, &integration.GetRequest{Id: made.Id}))(t).Data
	team, _ = read["ownerTeam"].(map[string]interface{})
	same(
		t, "edited", []any{read["name"], read["emailUsername"], read["suppressNotifications"], team["id"]},
		[]any{"mail-2", "inbox2", true, owner},
	)
	must(integrations.Delete(ctx, &integration.DeleteIntegrationRequest{Id: made.Id}))(t)
}

func TestIntegrationActions(t *testing.T) {
	integrations := must(integration.NewClient(opsgenie(t)))(t)
	owner := crew(t, "Actors")
	made := must(
		integrations.CreateApiBased(
			ctx, &integration.APIBasedIntegrationRequest{Name: "acts", Type: "API", AllowWriteAccess: yes()},
		),
	)(
		t,
	)
	filter := &integration.Filter{
		ConditionMatchType: og.MatchAllConditions, Conditions: []og.Condition{condition("priority", "equals", "P1")},
	}
	responders := []integration.Responder{{Type: integration.Team, Id: owner}}
	create := integration.IntegrationAction{
		Type: integration.Create, Name: "page", Order: 1, Alias: "{{alias}}", User: "{{user}}", Note: "{{note}}", Filter: filter,
		Priority: "P1", CustomPriority: "", Source: "{{source}}", Message: "{{message}}", Description: "{{description}}", Entity: "{{entity}}",
		AppendAttachments: yes(), AlertActions: []string{"a"}, Tags: []string{"t"}, ExtraProperties: map[string]string{"k": "v"},
		IgnoreAlertActionsFromPayload: no(), IgnoreRespondersFromPayload: no(), IgnoreTagsFromPayload: yes(), IgnoreExtraPropertiesFromPayload: no(),
		Responders: responders, Recipients: responders,
	}
	plain := func(kind, name string) integration.IntegrationAction {
		return integration.IntegrationAction{
			Type: integration.ActionType(kind), Name: name, Order: 1, Alias: "{{alias}}", User: "{{user}}",
			Note: "{{note}}",
		}
	}
	ignore := integration.IntegrationAction{Type: integration.Ignore, Name: "noise", Order: 1, Filter: filter}
	put := &integration.UpdateAllIntegrationActionsRequest{
		Id: made.Id, Create: []integration.IntegrationAction{create}, Close: []integration.IntegrationAction{plain("close", "close")},
		Acknowledge: []integration.IntegrationAction{
			plain("acknowledge", "ack"),
		}, AddNote: []integration.IntegrationAction{plain("addNote", "note")},
		Ignore: []integration.IntegrationAction{ignore},
	}
	same(t, "parent", must(integrations.UpdateAllActions(ctx, put))(t).Parent.Id, made.Id)
	check := func() {
		t.Helper()
		read := must(integrations.GetActions(ctx, &integration.GetIntegrationActionsRequest{Id: made.Id}))(t)
		for kind, pair := range map[string][2][]integration.IntegrationAction{
			"create": {read.Create, put.Create}, "close": {read.Close, put.Close}, "acknowledge": {read.Acknowledge, put.Acknowledge},
			"addNote": {read.AddNote, put.AddNote}, "ignore": {read.Ignore, put.Ignore},
		} {
			same(t, kind, len(pair[0]), len(pair[1]))
			for index, got := range pair[0] {
				want := pair[1][index]
				// The provider takes the filter apart without looking whether there is one.
				if got.Filter == nil {
					t.Fatalf("%s: no filter", kind)
				}
				if want.Filter != nil {
					got.Filter.Conditions[0].Order = want.Filter.Conditions[0].Order // not answered: zero to the provider
					same(t, kind+" conditions", got.Filter.Conditions, want.Filter.Conditions)
					same(t, kind+" filter", got.Filter.ConditionMatchType, want.Filter.ConditionMatchType)
				}
				got.Filter, want.Filter = nil, nil
				for index := range got.Responders {
					got.Responders[index].Name = ""
				}
				got.Recipients, want.Recipients = nil, nil
				same(t, kind, got, want)
			}
		}
	}
	check()
	put.Create[0].Name, put.Create[0].Tags, put.Close = "page now", []string{
		"t", "u",
	}, []integration.IntegrationAction{}
	must(integrations.UpdateAllActions(ctx, put))(t)
	check()
	must(
		integrations.CreateActions(
			ctx, &integration.CreateIntegrationActionsRequest{
				Id: made.Id, Type: integration.Close, Name: "one more", Alias: "{{alias}}",
			},
		),
	)(
		t,
	)
	none := []integration.IntegrationAction{}
	*put = integration.UpdateAllIntegrationActionsRequest{
		Id: made.Id, Create: none, Close: none, Acknowledge: none, AddNote: none, Ignore: none,
	}
	must(integrations.UpdateAllActions(ctx, put))(t)
	check()
	must(integrations.Delete(ctx, &integration.DeleteIntegrationRequest{Id: made.Id}))(t)
}
