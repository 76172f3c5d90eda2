using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;

namespace Platz.Web.Inputs;

/// <summary>
/// What is being typed into a chart's form, from the moment it opens: made anew at every opening. Hidden inputs keep
/// what was typed, in case they are shown again.
/// </summary>
public sealed class InputDraft
{
    private readonly Dictionary<string, string> _errors = [];
    private readonly JsonObject _start;

    private InputDraft(ValuesUi ui, JsonObject values)
    {
        (Ui, Values) = (ui, values);
        _start = values.DeepClone().AsObject();
    }

    public ValuesUi Ui { get; private set; }

    /// <summary>By input id, those that the form does not know included.</summary>
    public JsonObject Values { get; }

    public bool IsTouched => !JsonNode.DeepEquals(Known(Values), Known(_start));

    /// <summary>The form of something new: every input has its initial value.</summary>
    public static InputDraft New(ValuesUi ui) => new(ui, new JsonObject(Initial(ui.Inputs)));

    /// <summary>
    /// The form of what is stored: nothing is added to it, however empty it is. Sealed values become the mask that means
    /// "as stored".
    /// </summary>
    public static InputDraft Of(ValuesUi ui, JsonObject stored) => new(ui, SealedJson.MaskInputs(stored));

    /// <summary>
    /// The form of another chart version: the same ids keep their values, inputs that are new have their initial ones.
    /// What the other form does not know is kept for the way back, and not sent.
    /// </summary>
    public void SwitchTo(ValuesUi ui)
    {
        var added = ui.Inputs.Where(input => Ui.Find(input.Id) is null && !Values.ContainsKey(input.Id)).ToList();
        foreach (var (id, value) in Initial(added))
        {
            Values[id] = value;
            _start[id] = value?.DeepClone();
        }

        Ui = ui;
        _errors.Clear();
    }

    public bool IsVisible(InputField input) => input.IsVisible(Values);

    /// <summary>Whether a value is stored that is not shown.</summary>
    public bool HasStored(string id) => SealedJson.IsMask(_start[id]);

    /// <summary>Takes what was typed and says at the field whether it fits.</summary>
    public void Set(InputField input, JsonNode? value)
    {
        var isSame = JsonNode.DeepEquals(Values[input.Id], value);
        Put(input, value);
        if (!isSame || InputCheck.Error(input, value) is not null)
        {
            Judge(input); // what the server refused stays refused while one only passes by
        }
    }

    /// <summary>Takes what is only being begun, a new item of a list: too early to say what is wrong with it.</summary>
    public void Begin(InputField input, JsonNode? value)
    {
        Put(input, value);
        _errors.Remove(input.Id);
    }

    /// <summary>Leaves the stored value, which is not shown, as it is.</summary>
    public void KeepStored(InputField input) => Set(input, SealedJson.NewMask());

    public string? Error(string id) => _errors.GetValueOrDefault(id);

    /// <summary>The check that the server makes too; hidden inputs are not looked at.</summary>
    public bool Check()
    {
        _errors.Clear();
        return Refuse(InputCheck.Errors(Ui, Values)) is [] && _errors.Count == 0;
    }

    /// <summary>What the server has against it, at each field.</summary>
    /// <returns>The errors of other fields.</returns>
    public IReadOnlyList<FieldError> Refuse(IEnumerable<FieldError> errors)
    {
        var others = new List<FieldError>();
        foreach (var error in errors)
        {
            if (Ui.Inputs.FirstOrDefault(i => InputCheck.FieldName(i.Id) == error.Field) is { } input && IsVisible(input))
            {
                _errors[input.Id] = error.Message;
            }
            else
            {
                others.Add(error);
            }
        }

        return others;
    }

    /// <summary>What is sent: all that this form knows, hidden inputs too, for conditions look at them.</summary>
    public JsonObject ToInputs() => Known(Values);

    /// <summary>What is typed, without what is secret, be it typed or stored.</summary>
    public JsonObject ToKept() => new(
        Known(Values).Where(value => Ui.Find(value.Key) is { Sensitive: false } && !SealedJson.IsMask(value.Value))
            .Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())));

    /// <summary>Takes back what was kept; what is not there was emptied. Secrets stay as they are stored.</summary>
    public void Restore(JsonObject kept)
    {
        foreach (var input in Ui.Inputs.Where(i => !i.Sensitive && !SealedJson.IsMask(Values[i.Id])))
        {
            Begin(input, kept[input.Id]?.DeepClone());
        }
    }

    private JsonObject Known(JsonObject values) => new(
        values.Where(value => Ui.Find(value.Key) is not null)
            .Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone())));

    private void Judge(InputField input)
    {
        if (InputCheck.Error(input, Values[input.Id]) is { } error)
        {
            _errors[input.Id] = error;
        }
        else
        {
            _errors.Remove(input.Id);
        }
    }

    /// <summary>A text that is emptied again is as if it had never been typed; one that was there stays, empty.</summary>
    private void Put(InputField input, JsonNode? value)
    {
        if (value is null || (!_start.ContainsKey(input.Id) && InputCheck.IsEmptyText(input, value)))
        {
            Values.Remove(input.Id);
        }
        else
        {
            Values[input.Id] = value.DeepClone();
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Initial(IEnumerable<InputField> inputs) =>
        from input in inputs
        let value = InitialValue.Of(input)
        where value is not null
        select KeyValuePair.Create(input.Id, (JsonNode?)value);
}
