using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Core.Tasks;

/// <summary>An operation as people and programs may see it: sensitive inputs masked, an Owner's override left out.</summary>
public static class OperationView
{
    private static readonly string[] s_override = ["values_override", "values_override_delta"];

    public static JsonObject Of(Operation operation, bool showsOverride)
    {
        var json = SensitiveInputs.Mask(JsonNode.Parse(OperationJson.Write(operation)))!.AsObject();
        if (!showsOverride && json.FirstOrDefault().Value is JsonObject fields)
        {
            foreach (var key in s_override.Where(fields.ContainsKey))
            {
                fields[key] = null;
            }
        }

        return json;
    }
}
