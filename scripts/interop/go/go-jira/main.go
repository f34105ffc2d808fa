package main

import (
	"os"

	"dtu/interop/target"

	"github.com/andygrunwald/go-jira"
)

func main() {
	transport := jira.BasicAuthTransport{Username: os.Getenv("JIRA_EMAIL"), Password: os.Getenv("JIRA_API_TOKEN")}
	client, err := jira.NewClient(transport.Client(), target.URL("JIRA_BASE_URL", "https://acme.atlassian.net"))
	target.Must(err)
	projects, _, err := client.Project.GetList()
	target.Must(err)
	issue, _, err := client.Issue.Create(&jira.Issue{Fields: &jira.IssueFields{
		Project: jira.Project{Key: (*projects)[0].Key},
		Type:    jira.IssueType{Name: "Task"},
		Summary: "Interop",
	}})
	target.Must(err)
	read, _, err := client.Issue.Get(issue.Key, nil)
	target.Must(err)
	target.Equal(read.Fields.Summary, "Interop")
}
