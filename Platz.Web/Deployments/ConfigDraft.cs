using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Web.Drafts;
using Platz.Web.Inputs;

namespace Platz.Web.Deployments;

/// <summary>The config that is being typed: into the chart's form, or as YAML where the chart has none.</summary>
/// <param name="stored">Null for a new deployment.</param>
public sealed class ConfigDraft(JsonObject? stored)
{
    private readonly bool _isNew = stored is null;
    private bool _isOpen;

    public YamlField Yaml { get; } = new(SealedJson.MaskInputs(stored ?? []));

    /// <summary>Null: there is no form, <see cref="Yaml"/> holds the config.</summary>
    public InputDraft? Inputs { get; private set; }

    public bool IsTouched => Inputs?.IsTouched ?? Yaml.IsTouched;

    /// <summary>Null while it is YAML that cannot be read.</summary>
    public JsonObject? Value => Inputs is { } inputs ? inputs.ToInputs() : Yaml.Value;

    /// <summary>The form of the chart that was chosen; what was typed into another stays, where the ids are the same.</summary>
    public void Use(ValuesUi? ui)
    {
        var opens = !_isOpen;
        _isOpen = true;
        switch (ui, Inputs)
        {
            case (null, null):
                break;
            case (null, { } typed):
                Show(typed.Values);
                Inputs = null;
                break;
            case (_, { } typed):
                typed.SwitchTo(ui);
                break;
            case (_, null) when opens && !_isNew:
                Inputs = InputDraft.Of(ui, Yaml.Value!);
                break;
            default:
                Inputs = InputDraft.Of(ValuesUi.Empty, Yaml.Value ?? []);
                Inputs.SwitchTo(ui);
                break;
        }
    }

    /// <summary>What is typed, without secrets: the form's values by input, or the YAML as it stands.</summary>
    public JsonNode ToKept() => Inputs is { } inputs ? inputs.ToKept() : Yaml.Text;

    public void Restore(JsonNode? kept)
    {
        switch (kept)
        {
            case JsonObject values when Inputs is { } inputs:
                inputs.Restore(values);
                break;
            case JsonValue when Inputs is null && Kept.Text(kept) is { } text:
                Yaml.Show(text);
                break;
        }
    }

    public bool Check() => Inputs?.Check() ?? Yaml.Error is null;

    /// <summary>What to send; null when it says what <paramref name="before"/> says.</summary>
    /// <param name="whole">Whether what the form does not know counts too: another version's inputs are left behind.</param>
    public JsonObject? ChangeFrom(JsonObject before, bool whole)
    {
        var shown = Inputs is { Ui: var ui } && !whole
            ? InputDraft.Of(ui, before).ToInputs()
            : SealedJson.MaskInputs(before);
        return JsonNode.DeepEquals(shown, Value) ? null : Value;
    }

    /// <returns>The errors of other fields.</returns>
    public IReadOnlyList<FieldError> Refuse(IReadOnlyList<FieldError> errors)
    {
        if (Inputs is { } inputs)
        {
            return inputs.Refuse(errors);
        }

        Yaml.Refusal = errors.FirstOrDefault(IsOurs)?.Message;
        return [.. errors.Where(error => !IsOurs(error))];
    }

    private static bool IsOurs(FieldError error) =>
        error.Field == "config" || error.Field.StartsWith("config.", StringComparison.Ordinal);

    private void Show(JsonObject values)
    {
        if (!JsonNode.DeepEquals(values, Yaml.Value))
        {
            Yaml.Show(values);
        }
    }
}
