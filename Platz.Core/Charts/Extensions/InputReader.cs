using System.Globalization;
using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>One input of a form.</summary>
internal static class InputReader
{
    private const string ArrayType = "array";

    public static InputField Read(SourceMap field)
    {
        var id = field.NeedName("id");
        var isArray = field.NeedText("type").Equals(ArrayType, StringComparison.OrdinalIgnoreCase);
        var type = Type(field, isArray ? "itemType" : "type");
        var input = new InputField
        {
            Id = id,
            Type = type,
            IsArray = isArray,
            Label = field.NeedText("label"),
            Collection = type is InputType.CollectionSelect ? Collection(field) : null,
            HelpText = field.FindText("helpText"),
            Required = field.FindFlag("required"),
            Sensitive = field.FindFlag("sensitive"),
            Options = [.. field.FindMaps("options").Select(option => new InputOption(
                option.NeedValue("value"), option.FindText("label"), option.FindText("helpText")))],
            ShowIf = field.Find("showIf")?.AsValue("\"showIf\""),
            ShowIfAll = Conditions(field, "showIfAll"),
            Filters = Conditions(field, "filters"),
            Minimum = field.FindNumber("minimum"),
            Maximum = field.FindNumber("maximum"),
            Step = field.FindNumber("step"),
        };
        Check(field, input);
        return field.Find("initialValue") is { } initial
            ? input with { InitialValue = Initial(initial, input) }
            : input;
    }

    private static InputType Type(SourceMap field, string key)
    {
        var name = field.NeedText(key);
        return Array.Find(Enum.GetNames<InputType>(), known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            is { } known
                ? Enum.Parse<InputType>(known)
                : throw field.Need(key).Broken($"The type \"{ChartPath.Shown(name)}\" is not known. Known are "
                    + $"{string.Join(", ", Enum.GetNames<InputType>())}{(key is "type" ? " and array" : "")}.");
    }

    private static InputCollection Collection(SourceMap field)
    {
        var node = field.Need("collection");
        if (node is SourceMap resources)
        {
            return new InputCollection.Resources(resources.NeedName("deployment"), resources.NeedName("type"));
        }

        return field.NeedName("collection") switch
        {
            "deployments" => new InputCollection.Deployments(),
            "secrets" => new InputCollection.Secrets(),
            var type => new InputCollection.Resources(null, type),
        };
    }

    private static IReadOnlyList<FieldCondition> Conditions(SourceMap field, string key) =>
        [.. field.FindMaps(key).Select(condition =>
            new FieldCondition(condition.NeedText("field"), condition.NeedValue("value")))];

    private static void Check(SourceMap field, InputField input)
    {
        if (input.Type is InputType.RadioSelect && input.Options.Count == 0)
        {
            throw (field.Find("options") ?? field).Broken("A RadioSelect needs \"options\".");
        }

        if (input.Minimum > input.Maximum)
        {
            throw field.Need("minimum").Broken(
                $"\"minimum\" {SourceNumber.Text(input.Minimum.Value)} is greater than "
                + $"\"maximum\" {SourceNumber.Text(input.Maximum.Value)}.");
        }

        if (input.Step <= 0)
        {
            throw field.Need("step").Broken("\"step\" must be greater than 0.");
        }
    }

    private static JsonNode? Initial(SourceNode initial, InputField input)
    {
        const string What = "\"initialValue\"";
        if (input.IsArray)
        {
            foreach (var item in initial.AsList(What))
            {
                CheckInitial(item, input, $"Each item of {What}");
            }
        }
        else
        {
            CheckInitial(initial, input, What);
        }

        return initial.ToJson();
    }

    private static void CheckInitial(SourceNode initial, InputField input, string what)
    {
        switch (input.Type)
        {
            case InputType.Text or InputType.CollectionSelect:
                _ = initial.AsText(what);
                break;
            case InputType.Number when initial is not SourceScalar { Value: long or decimal or double }:
                throw initial.Wrong(what, "a number");
            case InputType.Checkbox:
                _ = initial.AsFlag(what);
                break;
            case InputType.DaysAndHour:
                CheckSchedule(initial.AsMap(what), what);
                break;
            case InputType.RadioSelect
                when !input.Options.Any(option => JsonNode.DeepEquals(option.Value, initial.ToJson())):
                throw initial.Broken($"{what} is none of the options.");
        }
    }

    private static void CheckSchedule(SourceMap value, string what)
    {
        var days = value.FindText("run_days") ?? "";
        var time = value.FindText("schedule") ?? "23:15";
        if (days.Length > 0 && !days.Split(',').All(day => day.Trim() is [>= '0' and <= '6']))
        {
            throw value.Need("run_days").Broken($"{what}: \"run_days\" must be days from 0 (Sunday) to 6: \"0,3\".");
        }

        if (!TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            throw value.Need("schedule").Broken($"{what}: \"schedule\" must be an hour and minute (UTC): \"23:15\".");
        }
    }
}
