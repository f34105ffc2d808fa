package main

import (
	"context"
	"net/url"
	"os"

	"dtu/interop/target"

	"github.com/okta/okta-sdk-golang/v5/okta"
)

func main() {
	org := target.URL("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
	config, err := okta.NewConfiguration(
		okta.WithOrgUrl(org),
		okta.WithToken(os.Getenv("OKTA_CLIENT_TOKEN")),
		okta.WithTestingDisableHttpsCheck(true),
	)
	target.Must(err)
	// The SDK keeps neither the port nor the path of its org URL: it needs a port of the universe's own, and this line.
	address, err := url.Parse(org)
	target.Must(err)
	config.Host = address.Host
	client := okta.NewAPIClient(config)
	name := "Interop"
	group, _, err := client.GroupAPI.CreateGroup(context.Background()).
		Group(okta.Group{Profile: &okta.GroupProfile{Name: &name}}).
		Execute()
	target.Must(err)
	_, _, err = client.GroupAPI.GetGroup(context.Background(), group.GetId()).Execute()
	target.Must(err)
}
