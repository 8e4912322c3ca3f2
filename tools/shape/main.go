// Command shape prints the shape of the product's Go code, for people to look
// at. It gates nothing and always exits 0 when it could read the tree.
//
// It reads every Go file of the module in the folder given (default "."),
// leaving out generated files, nested modules, testdata and what a build left
// behind, and it reads the commit history with git. It prints lengths of
// functions, sizes of files and packages, how much is commented, the named
// interfaces, lines of test beside lines of code, and how many code folders a
// commit touches.
//
// A number here is a reason to look, never a reason to split or to merge.
package main

import (
	"fmt"
	"os"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := run(root); err != nil {
		fmt.Fprintln(os.Stderr, "shape:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	files, err := readTree(root)
	if err != nil {
		return err
	}
	commits, err := readCommits(root)
	if err != nil {
		return err
	}
	return measure(files, commits).print(os.Stdout)
}
