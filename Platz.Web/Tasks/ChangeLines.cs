using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Web.Inputs;

namespace Platz.Web.Tasks;

/// <summary>One line of what a change changes: what it is called, and both values in words.</summary>
/// <param name="Path">As it stands in the config, beside a label that is nicer.</param>
/// <param name="Old">Null where there was nothing, and where it is sensitive.</param>
public sealed record ChangeLine(
    string Label, string Path, ConfigChangeKind Kind, bool IsSensitive, string? Old, string? New);

/// <summary>Tells changes by the labels, options and types of the forms they were made in; by the raw paths where there is none.</summary>
/// <param name="inputs">Of the form after the change, then of the one before it.</param>
/// <param name="references">Names of what inputs refer to.</param>
public sealed class ChangeLines(IReadOnlyList<InputField> inputs, IReadOnlyDictionary<Guid, string?> references)
{
    public IReadOnlyList<ChangeLine> Of(JsonObject? delta) => [.. ConfigDiff.Read(delta).SelectMany(LinesOf)];

    private IEnumerable<ChangeLine> LinesOf(ConfigChange change)
    {
        var key = ConfigDiff.Keys(change.Path)[0];
        List<InputField> fields = [.. inputs.Where(input => input.Id == key)];

        // It is, or was before: an older value may stand in the change as it was typed.
        return SealedJson.IsMask(change.Old) || SealedJson.IsMask(change.New) || fields.Any(field => field.Sensitive)
            ? [Sensitive(change, fields.FirstOrDefault())]
            : Apart(change, fields.FirstOrDefault()).Select(value => Line(value, fields.FirstOrDefault()));
    }

    /// <summary>A schedule that is new or gone is told in one line, as its form shows it.</summary>
    private static IReadOnlyList<ValueChange> Apart(ConfigChange change, InputField? field) =>
        field is { Type: InputType.DaysAndHour, IsArray: false } && change.Kind is not ConfigChangeKind.Changed
            && change.Path == ConfigDiff.Escape(field.Id)
            ? [new ValueChange([new PathStep(field.Id)], change.Kind, change.Old, change.New)]
            : StructuralDiff.Of(change);

    private static ChangeLine Sensitive(ConfigChange change, InputField? field) => new(
        AnsiText.Strip(field?.Label ?? change.Path), AnsiText.Strip(change.Path), change.Kind, true, null, null);

    private ChangeLine Line(ValueChange change, InputField? field)
    {
        var masked = SealedJson.IsMask(change.Old) || SealedJson.IsMask(change.New);
        var path = AnsiText.Strip(PathOf(change.Path));
        return new ChangeLine(
            field is null ? path : AnsiText.Strip(LabelOf(field, [.. change.Path.Skip(1)])), path, change.Kind, masked,
            masked || change.Kind is ConfigChangeKind.Added ? null : Words(field, change.Path, change.Old),
            masked || change.Kind is ConfigChangeKind.Removed ? null : Words(field, change.Path, change.New));
    }

    private static string PathOf(IReadOnlyList<PathStep> path) => string.Concat(path.Select((step, i) => step.Key switch
    {
        null => $"[{step.Index}]",
        var key => $"{(i == 0 ? "" : ".")}{ConfigDiff.Escape(key)}",
    }));

    private static string LabelOf(InputField field, PathStep[] within) => within switch
    {
        [] => field.Label,
        [{ Key: null } item, .. var rest] => $"{field.Label}, item {item.Index + 1}{(rest is [] ? "" : $": {PartOf(field, rest)}")}",
        _ => $"{field.Label}: {PartOf(field, within)}",
    };

    private static string PartOf(InputField field, PathStep[] within) => (field.Type, within) switch
    {
        (InputType.DaysAndHour, [{ Key: Schedule.DaysKey }]) => "days",
        (InputType.DaysAndHour, [{ Key: Schedule.HourKey }]) => "hour",
        _ => PathOf(within),
    };

    private string Words(InputField? field, IReadOnlyList<PathStep> path, JsonNode? value) => (field, value, path) switch
    {
        (null, _, _) or (_, null, _) => AnsiText.Strip(JsonWords.Line(value)),
        (_, JsonArray items, [_]) when items.All(item => item is JsonValue) =>
            string.Join(", ", items.Select(item => One(field, item!))),
        (_, _, [_] or [_, { Key: null }]) => One(field, value),
        ({ Type: InputType.DaysAndHour }, JsonValue, [.., { Key: Schedule.DaysKey }]) => Schedule.DaysOf(value),
        ({ Type: InputType.DaysAndHour }, JsonValue, [.., { Key: Schedule.HourKey }]) =>
            $"{AnsiText.Strip(value.ToString())} UTC",
        _ => AnsiText.Strip(JsonWords.Line(value)),
    };

    private string One(InputField field, JsonNode value) =>
        field.Type is InputType.CollectionSelect && value.GetValueKind() is JsonValueKind.String
            ? Reference(value.GetValue<string>())
            : InputWords.Of(field, value, []);

    private string Reference(string id) =>
        Guid.TryParse(id, out var parsed) && references.TryGetValue(parsed, out var name)
            ? AnsiText.Strip(name ?? $"no longer there ({id})")
            : AnsiText.Strip(id);
}
