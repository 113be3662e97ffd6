// SPDX-License-Identifier: Apache-2.0
#include "sink/mjpeg/description/parameter_schema.hpp"

#include <cstdlib>
#include <string>

namespace shmvideo::sink {
namespace {

using Kind = ParameterForm::Kind;

Json schema_of(const ParameterForm& form) {
  switch (form.kind) {
    case Kind::whole: {
      Json schema{{"type", "integer"}, {"minimum", form.low}, {"maximum", form.high}};
      if (!form.usual.empty()) schema["default"] = std::atoi(form.usual.c_str());
      return schema;
    }
    case Kind::delay:
      // What no schema says of a text with a unit.
      return {{"type", "string"},
              {"pattern", "^[0-9]+(ms|s)?$"},
              {"x-milliseconds", {{"minimum", form.low}, {"maximum", form.high}}}};
    case Kind::flag: {
      Json schema{{"type", "string"}, {"enum", {"1", "true", "yes", "0", "false", "no"}}};
      if (!form.usual.empty()) schema["default"] = form.usual;
      return schema;
    }
    case Kind::choice: {
      Json schema{{"type", "string"}, {"enum", form.choices}};
      if (!form.usual.empty()) schema["default"] = form.usual;
      return schema;
    }
    case Kind::text:
      break;
  }
  return {{"type", "string"}, {"maxLength", form.high}};
}

std::string described(const ParameterForm& form) {
  std::string text(form.what);
  if (form.kind == Kind::text) text += " At most " + std::to_string(form.high) + " bytes.";
  if (form.kind == Kind::delay)
    text += " From " + std::to_string(form.low) + " to " + std::to_string(form.high) + " ms.";
  return text;
}

}  // namespace

Json describe_parameter(const ParameterForm& form) {
  return {
      {"name", form.name}, {"in", "query"}, {"description", described(form)}, {"schema", schema_of(form)}};
}

}  // namespace shmvideo::sink
