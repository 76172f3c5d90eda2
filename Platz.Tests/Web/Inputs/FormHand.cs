using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Platz.Core.Charts.Extensions;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Inputs;

/// <summary>Types into the controls of a form as a person does, and reads what they show.</summary>
internal sealed class FormHand(IRenderedComponent<InputForm> form)
{
    private static readonly string[] s_days =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly CultureInfo s_plain = CultureInfo.InvariantCulture;

    public Task TypeAsync(InputField field, JsonNode? value) => field.IsArray
        ? ListAsync(field, value?.AsArray() ?? [])
        : OneAsync(() => Row(field), field, value);

    /// <summary>What a person would say is in it.</summary>
    public JsonNode? Read(InputField field) => field.IsArray
        ? new JsonArray([.. Items(field).Select(item => One(item, field))])
        : One(Row(field), field);

    private IElement Row(InputField field) => form.Find($"[data-input='{field.Id}']");

    private IReadOnlyList<IElement> Items(InputField field) => form.FindAll($"[data-input='{field.Id}'] .item");

    /// <summary>Whatever is there goes; the second item is typed first, and moved down.</summary>
    private async Task ListAsync(InputField field, JsonArray values)
    {
        while (Items(field).Count > 0)
        {
            await PressAsync(() => Row(field), $"[aria-label='Remove {field.Label} 1']");
        }

        var order = values.Select((_, i) => i).ToArray();
        if (order.Length > 1)
        {
            (order[0], order[1]) = (1, 0);
        }

        for (var i = 0; i < order.Length; i++)
        {
            var at = i;
            await form.InvokeAsync(() => Button(Row(field), $"Add {field.Label}")!.Click());
            await OneAsync(() => Items(field)[at], field, values[order[i]]);
        }

        if (order.Length > 1)
        {
            await PressAsync(() => Row(field), $"[aria-label='Move {field.Label} 2 up']");
        }
    }

    private Task OneAsync(Func<IElement> place, InputField field, JsonNode? value) => field.Type switch
    {
        InputType.Checkbox => ChangeAsync(place, "[role=switch]", value!.GetValue<bool>()),
        InputType.RadioSelect when value is null => ClearAsync(place, "Choose none"),
        InputType.RadioSelect => ChangeAsync(place, $"[type=radio][value='{OptionOf(field, value)}']", "on"),
        InputType.CollectionSelect => ChangeAsync(place, "select", (string?)value ?? ""),
        InputType.DaysAndHour when value is null => ClearAsync(place, "Clear"),
        InputType.DaysAndHour => ScheduleAsync(place, value.AsObject()),
        InputType.Number => ChangeAsync(place, "input", value is null ? "" : Spelling(value.GetValue<decimal>())),
        _ => ChangeAsync(place, "input, textarea", (string?)value ?? ""),
    };

    private async Task ScheduleAsync(Func<IElement> place, JsonObject value)
    {
        var wanted = ((string)value["run_days"]!).Split(',');
        for (var day = 0; day < s_days.Length; day++)
        {
            var box = $"[aria-label={s_days[day]}]";
            var runs = wanted.Contains(day.ToString(s_plain));
            if (place().QuerySelector(box)!.HasAttribute("checked") != runs)
            {
                await ChangeAsync(place, box, runs);
            }
        }

        await ChangeAsync(place, "[type=time]", $"{value["schedule"]}:00");
    }

    private Task ClearAsync(Func<IElement> place, string text) =>
        form.InvokeAsync(() => Button(place(), text)?.Click()); // not there: it is empty already

    private Task PressAsync(Func<IElement> place, string selector) =>
        form.InvokeAsync(() => place().QuerySelector(selector)!.Click());

    private Task ChangeAsync<T>(Func<IElement> place, string selector, T value) =>
        form.InvokeAsync(() => place().QuerySelector(selector)!.Change(value));

    private static JsonNode? One(IElement place, InputField field) => field.Type switch
    {
        InputType.Checkbox => place.QuerySelector("[role=switch]")!.HasAttribute("checked"),
        InputType.RadioSelect => place.QuerySelector("[type=radio][checked]")?.GetAttribute("value") is { } chosen
            ? field.Options[int.Parse(chosen, s_plain)].Value!.DeepClone() : null,
        InputType.CollectionSelect => Filled(place.QuerySelector("select")!),
        InputType.DaysAndHour => Filled(place.QuerySelector("[type=time]")!) is not { } hour ? null : new JsonObject
        {
            ["run_days"] = string.Join(',', Enumerable.Range(0, 7).Where(
                day => place.QuerySelector($"[aria-label={s_days[day]}]")!.HasAttribute("checked"))),
            ["schedule"] = hour,
        },
        InputType.Number => Filled(place.QuerySelector("input")!) is { } number ? decimal.Parse(number, s_plain) : null,
        _ => place.QuerySelector("input, textarea")!.GetAttribute("value") ?? "",
    };

    private static string? Filled(IElement element) =>
        element.GetAttribute("value") is { Length: > 0 } text ? text : null;

    private static IElement? Button(IElement place, string text) =>
        place.QuerySelectorAll("button").FirstOrDefault(b => b.TextContent.Trim() == text);

    private static int OptionOf(InputField field, JsonNode value) =>
        field.Options.ToList().FindIndex(option => JsonNode.DeepEquals(option.Value, value));

    /// <summary>As people write numbers too: <c>1.50</c>, <c>2e1</c>, with blanks around them.</summary>
    private static string Spelling(decimal number) => number switch
    {
        1.5m => "1.50",
        20 => "2e1",
        3 => " 3 ",
        0 => "-0",
        _ => number.ToString(s_plain),
    };
}
