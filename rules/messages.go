// SPDX-License-Identifier: Apache-2.0

package rules

import "fmt"

// Code classifies errors and warnings; the names are Falco's.
type Code string

// The codes of errors.
const (
	ErrFileRead     Code = "LOAD_ERR_FILE_READ"
	ErrYAMLParse    Code = "LOAD_ERR_YAML_PARSE"
	ErrYAMLValidate Code = "LOAD_ERR_YAML_VALIDATE"
	ErrCondition    Code = "LOAD_ERR_COMPILE_CONDITION"
	ErrOutput       Code = "LOAD_ERR_COMPILE_OUTPUT"
	ErrValidate     Code = "LOAD_ERR_VALIDATE"
	ErrExtension    Code = "LOAD_ERR_EXTENSION"
)

// The codes of warnings.
const (
	WarnUnknownSource  Code = "LOAD_UNKNOWN_SOURCE"
	WarnUnsafeNA       Code = "LOAD_UNSAFE_NA_CHECK"
	WarnNoEvttype      Code = "LOAD_NO_EVTTYPE"
	WarnUnknownFilter  Code = "LOAD_UNKNOWN_FILTER"
	WarnUnusedMacro    Code = "LOAD_UNUSED_MACRO"
	WarnUnusedList     Code = "LOAD_UNUSED_LIST"
	WarnUnknownItem    Code = "LOAD_UNKNOWN_ITEM"
	WarnDeprecated     Code = "LOAD_DEPRECATED_ITEM"
	WarnExtension      Code = "LOAD_WARNING_EXTENSION"
	WarnAppendNoValues Code = "LOAD_APPEND_NO_VALUES"
	WarnExceptionName  Code = "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
	WarnMacroName      Code = "LOAD_INVALID_MACRO_NAME"
	WarnListName       Code = "LOAD_INVALID_LIST_NAME"
	WarnCompileCond    Code = "LOAD_COMPILE_CONDITION"
	WarnUnknownKey     Code = "LOAD_UNKNOWN_KEY"
)

// The codes of notes, which are gyr's own.
const (
	NoteAfterEmpty  Code = "GYR_AFTER_EMPTY_DOCUMENT"
	NoteUnknownKey  Code = "GYR_UNKNOWN_KEY"
	NoteKeyTwice    Code = "GYR_KEY_TWICE"
	NoteNearlyList  Code = "GYR_NEARLY_A_LIST"
	NoteTextOnField Code = "GYR_TEXT_ON_FIELD"
)

var codeTexts = map[Code]string{
	ErrFileRead:     "File read error",
	ErrYAMLParse:    "YAML parse error",
	ErrYAMLValidate: "Error validating internal structure of YAML file",
	ErrCondition:    "Error compiling condition",
	ErrOutput:       "Error compiling output",
	ErrValidate:     "Error validating rule/macro/list/exception objects",
	ErrExtension:    "Error in extension item",

	WarnUnknownSource:  "Unknown event source",
	WarnUnsafeNA:       "Unsafe <NA> comparison in condition",
	WarnNoEvttype:      "Condition has no event-type restriction",
	WarnUnknownFilter:  "Unknown field or event-type in condition or output",
	WarnUnusedMacro:    "Unused macro",
	WarnUnusedList:     "Unused list",
	WarnUnknownItem:    "Unknown rules file item",
	WarnDeprecated:     "Used deprecated item",
	WarnExtension:      "Warning in extension item",
	WarnAppendNoValues: "Overriding/appending with no values",
	WarnExceptionName:  "Multiple exceptions defined with the same name",
	WarnMacroName:      "Invalid macro name",
	WarnListName:       "Invalid list name",
	WarnCompileCond:    "Warning in rule condition",
	WarnUnknownKey:     "Unknown key in item definition",

	NoteAfterEmpty:  "Ignored behind an empty document",
	NoteUnknownKey:  "Unknown key of an exception or a required plugin",
	NoteKeyTwice:    "Key given twice",
	NoteNearlyList:  "Value that is nearly the name of a list",
	NoteTextOnField: "Text right behind a field",
}

// Text says what a code means, in a few words.
func (c Code) Text() string { return codeTexts[c] }

// Messages for the authors of rules. Their texts are Falco's, so that whoever looks for one
// finds what others wrote about it.
const (
	msgNotYAML       = "Rules content is not yaml"
	msgNotArray      = "Rules content is not yaml array of objects"
	msgNotMap        = "Unexpected element type. Each element should be a yaml associative array."
	msgNotScalar     = "Value is not a scalar value"
	msgEmptyValue    = "Value must be non-empty"
	msgBadScalar     = "Can't decode YAML scalar value"
	msgNotSequence   = "Value is not a sequence"
	msgItemNotScalar = "sequence value is not scalar"
	msgNotMapIter    = "invalid node; this may result from using a map iterator as a sequence iterator, or vice-versa"
	msgTooManyNodes  = "The file is too large for what its aliases stand for"
	msgFileTooLarge  = "The file is too large"
	msgTooDeep       = "Values are nested too deeply"

	msgUnknownItem = "Unknown top level item"
	msgBadListName = "List has an invalid name. List names should match a regular expression: " + patBareString
	msgBadMacro    = "Macro has an invalid name. Macro names should match a regular expression: " + patIdentifier

	msgPluginsNotSeq      = "Value of required_plugin_versions must be a sequence"
	msgPluginNotMap       = "Plugin version must be a mapping"
	msgAlternativesNotSeq = "Value of plugin version alternatives must be a sequence"
	msgAlternativeNotMap  = "Plugin version alternative must be a mapping"

	msgAppendDeprecated  = "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead."
	msgEnabledDeprecated = "The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under the 'override' key (i.e. 'enabled: replace')."
	msgOverrideAppend    = "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. 'condition: append') under 'override' instead."
	msgNoMacro           = "Macro uses 'append' or 'override.condition: append' but no macro by that name already exists"
	msgNoList            = "List uses 'append' or 'override.items: append' but no list by that name already exists"
	msgNoRuleAppend      = "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists"
	msgNoRuleReplace     = "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists"
	msgNoRuleEnabled     = "Rule has 'enabled' key but no rule by that name already exists"
	msgAppendNothing     = "Appended rule must have exceptions or condition property"
	msgOtherSource       = "Rule has been re-defined with a different source"
	msgBadPriority       = "Invalid priority"

	msgExceptionsNotSeq   = "Rule exceptions must be a sequence"
	msgExceptionNotMap    = "Rule exception must be a mapping"
	msgExcValuesNotSeq    = "Rule exception values must be a sequence"
	msgExcNoFields        = "Rule exception item must have fields property with a list of fields"
	msgExcAppendNoFields  = "Rule exception must have fields property with a list of fields"
	msgExcNoValues        = "Overriding/appending exception with no values"
	msgExcAppendNoValues  = "Rule exception must have values property with a list of values"
	msgExcAppendFields    = "Can not append exception fields to existing exception, only values"
	msgExcAppendComps     = "Can not append exception comps to existing exception, only values"
	msgExcLenComps        = "Fields and comps lists must have equal length"
	msgExcLenValues       = "Fields and values lists must have equal length"
	msgExcBothStrings     = "Fields and comps must both be strings"
	msgExcScalarComp      = "When fields is a single value, comps must be one of (in, pmatch, intersects) or a modifier operator (e.g. startswith oneof)"
	msgExcValuesNotString = "Expected values array to contain a list of strings"

	msgUnusedMacro   = "Macro not referred to by any other rule/macro"
	msgTooManyTypes  = "Rule matches too many evt.type values. This has a significant performance penalty."
	msgUnusedList    = "List not referred to by any other rule/macro"
	msgContainerInfo = "%container.info is deprecated and no more useful, and will be dropped by Falco 1.0.0. The container plugin will automatically add required fields to the output message."
	msgTooLarge      = "The condition is too large when its macros and lists are put in"
)

const (
	patIdentifier = "([a-zA-Z]+[a-zA-Z0-9_]*)"
	patBareString = "([^()\"'[:space:]=,]+)"
)

func msgNoKey(key string) string      { return "Item has no mapping for key '" + key + "'" }
func msgKeyEmpty(key string) string   { return "Mapping for key '" + key + "' is empty" }
func msgUnknownKey(key string) string { return "Unknown key '" + key + "'. The key will be ignored." }

func msgBadEngineVersion(v string) string {
	return "Unable to parse engine version '" + v + `' as a semver string. Expected "x.y.z" semver format.`
}

func msgEngineTooOld(want, have string) string {
	return "Rules require engine version " + want + ", but engine version is " + have
}

func msgBadPluginVersion(name, v string) string {
	return "Invalid required version '" + v + "' for plugin '" + name + "'"
}

func msgPluginTwice(name string) string {
	return "Defined multiple alternative version requirements for plugin '" + name + "'"
}

func msgPluginVersion(name, have, want string) string {
	return "Plugin '" + name + "' version '" + have + "' is not compatible with required plugin version '" + want + "'"
}

func msgNoPlugin(alternatives string) string {
	return "Plugin requirement not satisfied, must load one of: " + alternatives
}

func msgNoAppend(key string) string {
	return "Key '" + key + "' cannot be appended to, use 'replace' instead"
}

func msgNoReplace(key string) string { return "Key '" + key + "' cannot be replaced" }

func msgBadOverride(key, op string, canAppend, canReplace bool) string {
	s := "Invalid override operation for key '" + key + "': '" + op + "'. Allowed values are: "
	if canAppend {
		s += "append "
	}
	if canReplace {
		s += "replace "
	}
	return s
}

func msgOverrideNoKey(op, key string) string {
	return "An " + op + " override for '" + key + "' was specified but '" + key + "' is not defined"
}

func msgNoOverride(key string) string {
	return "Unexpected key '" + key + "': no corresponding entry under 'override' is defined."
}

func msgUnknownSource(s string) string { return "Unknown source " + s + ", skipping" }

func msgExceptionTwice(name string) string {
	return "Multiple definitions of exception '" + name + "' in the same rule"
}

func msgBadComp(op string) string { return "'" + op + "' is not a supported comparison operator" }

func msgBadField(f string) string { return "'" + f + "' is not a supported filter field" }

func msgNoField(f string) string { return "filter_check called with nonexistent field " + f }

func msgNoMacroNamed(name string) string { return "Undefined macro '" + name + "' used in filter." }

func msgMacroLoop(name string) string { return "reference loop in macro '" + name + "'" }

func msgDeprecatedInOutput(f string) string {
	return "usage of deprecated field '" + f + "' has been detected in the rule output"
}

func msgBadConversion(at position) string {
	return fmt.Sprintf("yaml-cpp: error at line %d, column %d: bad conversion", at.line+1, at.column+1)
}
