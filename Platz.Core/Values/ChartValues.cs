using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <param name="Values">
/// What Helm is given as <c>values.yaml</c>: <paramref name="Platform"/>, each of whose top-level keys gives way as a
/// whole to the same key of <paramref name="Form"/>. The override is a layer of its own.
/// </param>
/// <param name="Secrets">To be in the namespace before Helm runs.</param>
public sealed record ChartValuesResult(
    JsonObject Platform, JsonObject Form, JsonObject Values, IReadOnlyList<NamespaceSecret> Secrets)
{
    /// <summary>The keys only: nothing prints sensitive inputs by mistake.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => value.Key));
}

/// <summary>A Kubernetes Secret; the contents are plain, in a preview all masked.</summary>
public sealed record NamespaceSecret(string Name, IReadOnlyDictionary<string, string> Data)
{
    /// <summary>The keys only: nothing prints the contents by mistake.</summary>
    public override string ToString() => $"{Name}: {string.Join(", ", Data.Keys)}";
}

/// <summary>What a deployment's chart is given to run with (upstream-facts 4.5).</summary>
public static class ChartValues
{
    private static readonly JsonSerializerOptions s_plainJson = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ChartValuesResult Build(ValuesRequest request)
    {
        var platform = PlatformValues.Of(request);
        var given = new OutputValues(request);
        var form = request.Schema.ValuesUi is { } ui
            ? Form(ui, given)
            : new JsonObject { ["config"] = request.Inputs.DeepClone() };
        var secrets = (request.Schema.ValuesUi?.Secrets ?? [])
            .Select(output => Secret(output, given, masked: request.IsPreview));
        return new ChartValuesResult(platform, form, Merge(platform, form), [.. secrets.OfType<NamespaceSecret>()]);
    }

    private static JsonObject Form(ValuesUi ui, OutputValues given)
    {
        var form = new JsonObject();
        foreach (var output in ui.Values)
        {
            if (given.TryResolve(output.Value, out var value))
            {
                OutputPath.Write(form, output.Path, value);
            }
        }

        return form;
    }

    private static JsonObject Merge(JsonObject platform, JsonObject form)
    {
        var values = platform.DeepClone().AsObject();
        foreach (var (key, value) in form)
        {
            values[key] = value?.DeepClone();
        }

        return values;
    }

    /// <summary>Null when none of its keys has a value.</summary>
    private static NamespaceSecret? Secret(SecretOutput output, OutputValues given, bool masked)
    {
        if (output.Name is "platz-creds" || output.Name.StartsWith("sh.helm.release.", StringComparison.Ordinal))
        {
            throw new ValuesException($"The chart has an output to the Secret {output.Name}, which is not its own.");
        }

        var data = new Dictionary<string, string>();
        foreach (var (key, reference) in output.Keys)
        {
            if (given.TryResolve(reference, out var value))
            {
                data[key] = masked ? ValueMask.Text : Text(value);
            }
        }

        return data.Count == 0 ? null : new NamespaceSecret(output.Name, data);
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "null",
        _ when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(s_plainJson),
    };
}
