package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"
)

// codeEndings are the files that make a folder a code folder of a commit.
var codeEndings = map[string]bool{".go": true, ".templ": true, ".sql": true, ".css": true, ".js": true, ".mjs": true, ".sh": true}

// readCommits returns, for each commit that touches code, how many code folders
// it touches. Merges are left out. A tree without history has none.
func readCommits(root string) ([]int, error) {
	if err := exec.Command("git", "-C", root, "rev-parse", "--verify", "--quiet", "HEAD").Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, nil
		}
		return nil, fmt.Errorf("asking git for HEAD: %w", err)
	}
	out, err := exec.Command("git", "-C", root, "log", "--no-merges", "--name-only", "--format=%x00").Output()
	if err != nil {
		return nil, fmt.Errorf("reading the history: %w", err)
	}
	return foldersPerCommit(string(out)), nil
}

// foldersPerCommit reads "git log --name-only" with a NUL before each commit.
func foldersPerCommit(log string) []int {
	var counts []int
	for commit := range strings.SplitSeq(log, "\x00") {
		folders := map[string]bool{}
		for name := range strings.Lines(commit) {
			name = strings.TrimSpace(name)
			if codeEndings[path.Ext(name)] {
				folders[path.Dir(name)] = true
			}
		}
		if len(folders) > 0 {
			counts = append(counts, len(folders))
		}
	}
	return counts
}
