//go:build tools

// Package tools pins the commands that the Makefile builds from this module.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
