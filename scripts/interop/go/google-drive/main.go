package main

import (
	"context"
	"io"
	"os"
	"strings"

	"dtu/interop/target"

	"google.golang.org/api/drive/v3"
	"google.golang.org/api/option"
)

// Credentials come from the metadata server, both ways. A media upload keeps only the host of an endpoint, so the client
// gets a port of the universe's own.
func main() {
	ctx := context.Background()
	options := []option.ClientOption{option.WithScopes(drive.DriveScope)}
	if target.Pointed {
		options = append(options, option.WithEndpoint(os.Getenv("GOOGLE_DRIVE_URL")+"/drive/v3/"))
	}
	client, err := drive.NewService(ctx, options...)
	target.Must(err)
	file, err := client.Files.Create(&drive.File{Name: "hello.txt"}).Media(strings.NewReader("Hello")).Do()
	target.Must(err)
	content, err := client.Files.Get(file.Id).Download()
	target.Must(err)
	text, err := io.ReadAll(content.Body)
	target.Must(err)
	target.Equal(string(text), "Hello")
}
