// SPDX-License-Identifier: Apache-2.0

// Package filter is the condition language of rules: a text is parsed to a tree ([Parse]),
// the tree is checked against the fields of an event source and compiled ([Compile]), and
// the result is evaluated on events ([Cond.Eval]). Output templates use the operands of the
// language alone ([CompileOperand]).
//
// The package is pure: no I/O, no clock, no goroutine, no state between calls. What a
// condition means is what it means to Falco 0.45, or 0.44 if the caller says so
// ([compat.Version]), messages included; testdata/conformance has recorded verdicts of both.
//
// # Grammar
//
//	condition = and { "or" and } .
//	and       = not { "and" not } .
//	not       = { "not" space } ( "not(" condition ")" | primary ) .
//	primary   = "(" condition ")" | operand check | identifier .
//	check     = "exists"
//	          | ( "<" | "<=" | ">" | ">=" )     ( number | expr )
//	          | ( "=" | "==" | "!=" | word )    ( string | expr | modifier list )
//	          | ( "in" | "intersects" | "pmatch" ) ( list | expr ) .
//	word      = ( "glob" | "iglob" | "contains" | "icontains" | "bcontains" | "startswith"
//	            | "bstartswith" | "endswith" | "regex" ) blank .
//	modifier  = ( "oneof" | "anyof" | "allof" ) blank .
//	list      = "(" [ string { "," string } ] ")" | identifier .
//	operand   = field | transform .
//	expr      = transform | "val(" field ")" [ arg ] .
//	field     = identifier "." identifier { "." identifier } [ arg ] .
//	arg       = "[" ( quoted | bare ) "]" .
//	transform = name "(" item { "," item } ")" [ arg ] .
//	item      = number | quoted | "(" [ item { "," item } ] ")" | operand .
//	string    = quoted | bare .
//
// Blanks (space, tab, backspace, CR, LF) may stand between tokens, but not before "[" nor
// between the name of a transformer and its parenthesis. "and" and "or" are followed by a
// blank or a parenthesis. An identifier in the place of a check is a macro; in the place of
// a list it is a list of one string. A bare argument has no space, quote or bracket; a bare
// string has no space, quote, parenthesis, comma or "=". Parentheses and transformers nest
// up to the limit given to Parse.
//
// A quoted string stands between " or '. The escapes are \b \f \n \r \t \\ \/, the quote
// itself, \xHH for a byte (not in 0.44), and a backslash before a blank, which means a
// backslash. A quote behind a backslash never ends the string. A value may have any bytes
// but NUL (0.44 takes it). A number is decimal with an optional sign, fraction and
// signed exponent, or hexadecimal with 0x; only what is an unsigned decimal number
// compiles, and a minus sign wraps.
//
// A word that may be a modifier is one if a parenthesis or an identifier other than and, or
// and not follows; else it is a string.
//
// # Meaning
//
// Operands have a type: that of the field, or string (uint64 for len) for a transformer.
// These operators exist:
//
//	type                      operators
//	string                    = != < <= > >= contains icontains startswith endswith
//	                          glob iglob regex pmatch in intersects exists
//	uint64 reltime abstime    = != < <= > >= in intersects exists
//	bool ipaddr ipnet         = != in intersects exists
//	any list                  in intersects exists
//
// A check whose left side is absent is false, whatever the operator; only "not" makes that
// true. The same holds for the right side of a check with val(field) or a transformer,
// which must have the type of the left side and be a list if that is one.
//
// Strings are compared byte by byte; icontains and iglob ignore the case of ASCII letters.
// glob is fnmatch(3), regex is RE2 with POSIX syntax on the whole value, in which each
// maximal subpart that is not UTF-8 counts as U+FFFD (in 0.44 it is false on such a value),
// pmatch tests whether a path is beneath one of the given ones. A field of
// type ipnet holds an address and is compared with networks. On lists "in" says that all
// elements are in the list on the right, "intersects" that some are.
//
// The modifiers on the right side ask for some (anyof), all (allof) or exactly one (oneof)
// of the constants; with none of them given the check is false.
//
// # Transformers
//
//	tolower(s) toupper(s)     ASCII letters
//	b64(s)                    decoded; absent if s is not base64
//	basename(s)               what follows the last slash
//	len(s) len(list)          bytes, elements
//	join(separator, list)     one string
//	concat(s, s, ...)         one string
//	getopt(list, "ab:")       options of a command line, as getopt(3)
//	getopt(list, "ab:")[b]    the argument of one
//
// The first four apply to each element of a list. If one argument is absent, so is the
// result. The first three leave a NUL behind the string, which counts where a list is
// compared: tolower(list) in (a) is never true. This is Falco's doing, as is the handling of
// arguments of other types, see transform_multi.go.
//
// # Evaluation
//
// Fields are cells of a row ([fields.Layout]). Evaluation allocates nothing: results of
// transformers live in the arena of the [Env]. Each check says what must be true of a cell
// when it holds ([Pred.Witness]), for the engine's index.
package filter
