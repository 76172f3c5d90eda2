namespace Platz.Core.Charts.Extensions;

internal enum FormHeader
{
    Required,
    Optional,

    /// <summary>The form is part of something that has one.</summary>
    None,
}

/// <summary>A form: <c>values-ui.yaml</c>, or the same within an action or a resource type.</summary>
internal static class ValuesUiReader
{
    public const string Version = "platz.io/v1beta1";
    private const int MostInputs = 500;

    public static ValuesUi Read(SourceNode root, FormHeader header)
    {
        var form = root.AsMap("The form");
        if (header is FormHeader.None)
        {
            form.RefuseOthers("inputs", "outputs");
        }
        else
        {
            form.RefuseOthers("apiVersion", "kind", "inputs", "outputs");
        }

        if (header is FormHeader.Required || form.Has("apiVersion") || form.Has("kind"))
        {
            form.NeedHeader("ValuesUi", Version);
        }

        var fields = form.NeedMaps("inputs");
        var inputs = ReadInputs(form, fields);
        return form.FindMap("outputs") is { } outputs
            ? new ValuesUi([.. inputs.Values], Values(outputs, inputs), Secrets(outputs, inputs))
            : new ValuesUi([.. inputs.Values], [], []);
    }

    private static OrderedDictionary<string, InputField> ReadInputs(SourceMap form, IReadOnlyList<SourceMap> fields)
    {
        if (fields.Count > MostInputs)
        {
            throw form.Need("inputs").Broken($"There are {fields.Count:N0} inputs; at most {MostInputs} are accepted.");
        }

        var inputs = new OrderedDictionary<string, InputField>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var input = InputReader.Read(field);
            if (!inputs.TryAdd(input.Id, input))
            {
                throw field.Need("id").Broken($"The input \"{ChartPath.Shown(input.Id)}\" is there twice.");
            }
        }

        foreach (var condition in fields.SelectMany(field => field.FindMaps("showIfAll")))
        {
            _ = NeedInput(condition, "field", inputs); // it may stand below the one that asks for it
        }

        return inputs;
    }

    private static IReadOnlyList<ValueOutput> Values(
        SourceMap outputs, OrderedDictionary<string, InputField> inputs) =>
        [.. outputs.NeedMaps("values").Select(output =>
        {
            var path = output.NeedList("path");
            return path.Count > 0
                ? new ValueOutput([.. path.Select(step => step.AsText("Each step of \"path\""))],
                    Reference(output.NeedMap("value"), inputs))
                : throw output.Need("path").Broken("\"path\" is empty.");
        })];

    private static IReadOnlyList<SecretOutput> Secrets(
        SourceMap outputs, OrderedDictionary<string, InputField> inputs) =>
        [.. outputs.FindMap("secrets")?.Entries.Select(secret => new SecretOutput(
            secret.Key,
            secret.Value.AsMap($"\"{ChartPath.Shown(secret.Key)}\"").Entries.ToDictionary(
                key => key.Key,
                key => Reference(key.Value.AsMap($"\"{ChartPath.Shown(key.Key)}\""), inputs),
                StringComparer.Ordinal))) ?? []];

    private static InputReference Reference(SourceMap value, OrderedDictionary<string, InputField> inputs)
    {
        value.RefuseOthers("FieldValue", "FieldProperty");
        if (value.Entries.Count != 1)
        {
            throw value.Broken("Either FieldValue or FieldProperty is needed here.");
        }

        if (value.Has("FieldValue"))
        {
            return new InputReference(NeedInput(value.NeedMap("FieldValue"), "input", inputs).Id, null);
        }

        var reference = value.NeedMap("FieldProperty");
        var input = NeedInput(reference, "input", inputs);
        return input.Type is InputType.CollectionSelect
            ? new InputReference(input.Id, reference.NeedName("property"))
            : throw reference.Need("input").Broken(
                $"FieldProperty needs a CollectionSelect; the input \"{ChartPath.Shown(input.Id)}\" is none.");
    }

    private static InputField NeedInput(
        SourceMap reference, string key, OrderedDictionary<string, InputField> inputs) =>
        inputs.TryGetValue(reference.NeedText(key), out var input)
            ? input
            : throw reference.Need(key).Broken(
                $"There is no input \"{ChartPath.Shown(reference.NeedText(key))}\".");
}
