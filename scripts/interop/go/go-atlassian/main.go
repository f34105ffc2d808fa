package main

import (
	"context"
	"os"

	"dtu/interop/target"

	jira "github.com/ctreminiom/go-atlassian/jira/v2"
	"github.com/ctreminiom/go-atlassian/pkg/infra/models"
)

func main() {
	client, err := jira.New(nil, target.URL("JIRA_BASE_URL", "https://acme.atlassian.net"))
	target.Must(err)
	client.Auth.SetBasicAuth(os.Getenv("JIRA_EMAIL"), os.Getenv("JIRA_API_TOKEN"))
	ctx := context.Background()
	projects, _, err := client.Project.Search(ctx, &models.ProjectSearchOptionsScheme{}, 0, 50)
	target.Must(err)
	issue, _, err := client.Issue.Create(ctx, &models.IssueSchemeV2{Fields: &models.IssueFieldsSchemeV2{
		Project:   &models.ProjectScheme{Key: projects.Values[0].Key},
		IssueType: &models.IssueTypeScheme{Name: "Task"},
		Summary:   "Interop",
	}}, nil)
	target.Must(err)
	read, _, err := client.Issue.Get(ctx, issue.Key, nil, nil)
	target.Must(err)
	target.Equal(read.Fields.Summary, "Interop")
}
