using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using static Platz.Core.Charts.Extensions.InputType;

namespace Platz.Tests.Core.Values;

public sealed class InputCheckTests
{
    private const string Id = "0190b5c4-7a3e-7c1d-9a53-0d6c1f3f5b11";

    private const string NoList = "This must be a list.";
    private const string NoText = "This must be text.";
    private const string NoNumber = "This must be a number.";
    private const string NoSwitch = "This must be on or off (true or false).";
    private const string NoId = "Choose one of those offered: this must be the id (UUID) of one.";
    private const string NoSchedule = """This must have days and an hour, {"run_days":"0,3","schedule":"23:15"} for example.""";
    private const string NoDays = "The days must be numbers from 0 (Sunday) to 6, each once, with commas between them.";
    private const string NoHour = "The hour must be from 00:00 to 23:59 (UTC).";

    [Theory]
    [InlineData(Text, "\"a\"", null)]
    [InlineData(Text, "\"\"", null)]
    [InlineData(Text, "null", null)]
    [InlineData(Text, "1", NoText)]
    [InlineData(Text, "[\"a\"]", NoText)]
    [InlineData(Text, "\"a\\u0000b\"", "A NUL character cannot be stored; remove it.")]
    [InlineData(Number, "0", null)]
    [InlineData(Number, "-1.5e3", null)]
    [InlineData(Number, "\"1\"", NoNumber)]
    [InlineData(Number, "\"\"", null)]
    [InlineData(Number, "true", NoNumber)]
    [InlineData(Number, "1e99", "This number is too large.")]
    [InlineData(Checkbox, "false", null)]
    [InlineData(Checkbox, "true", null)]
    [InlineData(Checkbox, "0", NoSwitch)]
    [InlineData(Checkbox, "\"true\"", NoSwitch)]
    [InlineData(CollectionSelect, $"\"{Id}\"", null)]
    [InlineData(CollectionSelect, "\"shop\"", NoId)]
    [InlineData(CollectionSelect, "{}", NoId)]
    [InlineData(DaysAndHour, """{"run_days":"0,3","schedule":"23:15"}""", null)]
    [InlineData(DaysAndHour, """{"run_days":"","schedule":"00:00"}""", null)]
    [InlineData(DaysAndHour, """{"schedule":"09:30","run_days":"6,1,0"}""", null)]
    [InlineData(DaysAndHour, """{"run_days":"7","schedule":"23:15"}""", NoDays)]
    [InlineData(DaysAndHour, """{"run_days":"1,1","schedule":"23:15"}""", NoDays)]
    [InlineData(DaysAndHour, """{"run_days":"1,","schedule":"23:15"}""", NoDays)]
    [InlineData(DaysAndHour, """{"run_days":"1\n","schedule":"23:15"}""", NoDays)]
    [InlineData(DaysAndHour, """{"run_days":"1","schedule":"24:00"}""", NoHour)]
    [InlineData(DaysAndHour, """{"run_days":"1","schedule":"9:30"}""", NoHour)]
    [InlineData(DaysAndHour, """{"run_days":"1","schedule":"09:30\n"}""", NoHour)]
    [InlineData(DaysAndHour, """{"run_days":[1],"schedule":"09:30"}""", NoSchedule)]
    [InlineData(DaysAndHour, """{"run_days":"1"}""", NoSchedule)]
    [InlineData(DaysAndHour, """{"run_days":"1","schedule":"09:30","zone":"CET"}""", NoSchedule)]
    [InlineData(DaysAndHour, "\"23:15\"", NoSchedule)]
    public void A_value_has_the_type_of_its_input(InputType type, string value, string? error) =>
        Assert.Equal(error, Error(new InputField { Id = "it", Type = type, Label = "It" }, value));

    [Theory]
    [InlineData("5", null)]
    [InlineData("4.9", "This must be 5 or more.")]
    [InlineData("10", null)]
    [InlineData("10.1", "This must be 10 or less.")]
    [InlineData("5.3", null)]
    [InlineData("5.30", null)]
    [InlineData("5.25", "This must be a multiple of 0.1.")]
    public void A_number_stays_within_its_bounds_exactly(string value, string? error) => Assert.Equal(
        error, Error(NumberInput with { Minimum = 5, Maximum = 10.00m, Step = 0.1m }, value));

    [Theory]
    [InlineData("7", null)]
    [InlineData("6", "This must be 1 plus a multiple of 3.")]
    public void Steps_are_counted_from_the_minimum(string value, string? error) =>
        Assert.Equal(error, Error(NumberInput with { Minimum = 1, Step = 3 }, value));

    [Fact]
    public void The_largest_numbers_do_not_overflow() => Assert.Equal(
        "This must be a multiple of 2.",
        Error(NumberInput with { Minimum = decimal.MinValue + 1, Step = 2 }, $"{decimal.MaxValue}") is { } error
            ? error.Replace($"{decimal.MinValue + 1} plus ", "", StringComparison.Ordinal) : null);

    [Theory]
    [InlineData("1", null)]
    [InlineData("1.0", null)]
    [InlineData("\"two\"", null)]
    [InlineData("""{"b":[2],"a":1}""", null)]
    [InlineData("\"1\"", "Choose one of the options: One, two, {\"a\":1,\"b\":[2]}.")]
    public void One_of_the_options_is_chosen_by_value(string value, string? error)
    {
        InputOption[] options =
            [new(1, "One", null), new("two", null, null), new(JsonNode.Parse("""{"a":1,"b":[2]}"""), null, null)];

        Assert.Equal(error, Error(NumberInput with { Type = RadioSelect, Options = options }, value));
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[1,2]", null)]
    [InlineData("1", NoList)]
    [InlineData("{}", NoList)]
    [InlineData("""[1,"x"]""", "Item 2: " + NoNumber)]
    [InlineData("[null]", "Item 1: Fill this in, or remove the item.")]
    public void Each_item_of_a_list_has_the_type(string value, string? error) =>
        Assert.Equal(error, Error(NumberInput with { IsArray = true }, value));

    [Fact]
    public void Text_and_lists_have_an_end()
    {
        var text = new InputField { Id = "it", Type = Text, Label = "It" };

        Assert.Null(InputCheck.Error(text, new string('a', 65_536)));
        Assert.Equal("This is too long: at most 64 KiB.", InputCheck.Error(text, new string('é', 32_769)));
        Assert.Null(Error(text with { IsArray = true }, $"[{string.Join(',', Enumerable.Repeat("\"\"", 1024))}]"));
        Assert.Equal(
            $"These are too many: at most {1024:N0} items.",
            Error(text with { IsArray = true }, $"[{string.Join(',', Enumerable.Repeat("\"\"", 1025))}]"));
    }

    [Theory]
    [InlineData(Text, false, "null", true)]
    [InlineData(Text, false, "\"\"", true)]
    [InlineData(Text, true, "[]", true)]
    [InlineData(Number, false, "0", false)]
    [InlineData(Checkbox, false, "false", false)]
    [InlineData(Checkbox, false, "null", true)]
    [InlineData(Text, false, """{"$sensitive":true}""", false)]
    [InlineData(Number, true, """{"$sealed":"AQ=="}""", false)]
    public void What_is_required_must_be_there(InputType type, bool isArray, string value, bool missing)
    {
        var input = new InputField { Id = "it", Type = type, IsArray = isArray, Label = "It", Required = true };

        Assert.Equal(missing ? "This is needed." : null, Error(input, value));
    }

    [Fact]
    public void Errors_carry_the_name_of_their_field_and_hidden_or_unknown_inputs_have_none()
    {
        var needed = new InputField { Id = "needed", Type = Text, Label = "Needed", Required = true };
        var hidden = needed with { Id = "hidden", ShowIf = false };
        var ui = new ValuesUi([needed, hidden, NumberInput with { Id = "count" }], [], []);
        var inputs = (JsonObject)JsonNode.Parse("""{"count":"x","left over":[{}],"hidden":7}""")!;

        Assert.Equal(
            [("config.needed", "This is needed."), ("config.count", NoNumber)],
            InputCheck.Errors(ui, inputs).Select(e => (e.Field, e.Message)));
    }

    private static InputField NumberInput { get; } = new() { Id = "it", Type = Number, Label = "It" };

    private static string? Error(InputField input, string value) => InputCheck.Error(input, JsonNode.Parse(value));
}
