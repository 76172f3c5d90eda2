using Platz.Core.Charts.Extensions;
using Platz.Core.Values;
using static Platz.Tests.Core.Values.ValuesRequests;

namespace Platz.Tests.Core.Values;

public sealed class ChartValuesTests
{
    private static readonly InputCollection s_databases = new InputCollection.Resources("Postgres", "Database");
    private static readonly InputCollection s_secrets = new InputCollection.Secrets();
    private static readonly InputCollection s_deployments = new InputCollection.Deployments();

    [Fact]
    public void Without_a_form_the_config_is_given_under_one_key() =>
        Assert.Equal("""{"config":{"a":[1,null]}}""", Form(null, """{"a":[1,null]}"""));

    [Fact]
    public void Outputs_are_written_in_their_order() =>
        Assert.Equal("""{"c":[2,1]}""",
            Form(
                new ValuesUi([Field("x"), Field("y")], [Output("c.[+]", "y"), Output("c.[+]", "x")], []),
                """{"x":1,"y":2}"""));

    [Theory]
    [InlineData("false")]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("""{"run_days":"0,3","schedule":"23:15"}""")]
    public void A_value_is_given_as_it_was_typed(string value) =>
        Assert.Equal($$"""{"a":{{value}}}""",
            Form(Ui(Field("x") with { Required = true }, Output("a", "x")), $$"""{"x":{{value}}}"""));

    [Fact]
    public void The_form_replaces_whole_keys_of_the_platform()
    {
        var built = ChartValues.Build(Of(Ui(Field("x"), Output("ingress.host", "x")), """{"x":"h"}"""));

        Assert.Equal("""{"host":"h"}""", built.Values["ingress"]!.ToJsonString());
        Assert.False(built.Platform["ingress"]!["enabled"]!.GetValue<bool>());
        Assert.Equal(["platz", "shira", "nodeSelector", "tolerations", "ingress"], built.Values.Select(v => v.Key));
    }

    [Fact]
    public void Hidden_and_empty_optional_inputs_leave_their_outputs_out()
    {
        var ui = new ValuesUi(
            [Field("x") with { Required = true, ShowIfAll = [new FieldCondition("y", "on")] }, Field("y")],
            [Output("a", "x"), Output("b", "y")],
            [new SecretOutput("s", new Dictionary<string, InputReference> { ["k"] = new("x", null) })]);

        var built = ChartValues.Build(Of(ui, """{"x":"seen?"}"""));

        Assert.Empty(built.Form);
        Assert.Empty(built.Secrets);
    }

    [Fact]
    public void A_required_visible_input_must_be_given() =>
        Refused(Ui(Field("x") with { Required = true }, Output("a", "x")), "{}",
            "The input 'The x' (x) is required and was not given.");

    [Fact]
    public void A_required_input_that_no_output_uses_is_nobodys_concern() =>
        Assert.Equal("{}", Form(Ui(Field("x") with { Required = true }), "{}"));

    [Fact]
    public void A_property_is_that_of_what_was_chosen() =>
        Assert.Equal("""{"a":"db.example","b":null}""",
            Form(Ui(Choice("db", s_databases), Output("a", "db", "host"), Output("b", "db", "replica")),
                $$"""{"db":"{{DatabaseId}}"}"""));

    [Fact]
    public void Properties_of_a_list_are_a_list() =>
        Assert.Equal("""{"a":["orders","orders"],"b":[]}""",
            Form(
                new ValuesUi(
                    [
                        Choice("dbs", s_databases) with { IsArray = true },
                        Choice("none", s_databases) with { IsArray = true },
                    ],
                    [Output("a", "dbs", "name"), Output("b", "none", "name")], []),
                $$"""{"dbs":["{{DatabaseId}}","{{DatabaseId}}"],"none":[]}"""));

    [Fact]
    public void Nothing_chosen_has_no_property() =>
        Assert.Equal("""{"a":null}""",
            Form(Ui(Choice("db", s_databases), Output("a", "db", "host")), """{"db":null}"""));

    [Theory]
    [InlineData("\"00000000-0000-0000-0000-0000000000d1\"", "port", "has no property 'port'")]
    [InlineData("\"00000000-0000-0000-0000-0000000000d9\"", "host", "that does not exist (any more)")]
    [InlineData("\"orders\"", "host", "must name a resource of type Database by its id")]
    [InlineData("[]", "host", "must name a resource of type Database by its id")]
    [InlineData("7", "host", "must name a resource of type Database by its id")]
    public void A_reference_that_leads_nowhere_is_named(string value, string property, string reason) =>
        Refused(Ui(Choice("db", s_databases), Output("a", "db", property)), $$"""{"db":{{value}}}""",
            "The input 'The db' (db)", reason);

    [Fact]
    public void A_list_that_is_none_is_named() =>
        Refused(Ui(Choice("db", s_databases) with { IsArray = true }, Output("a", "db", "host")),
            $$"""{"db":"{{DatabaseId}}"}""", "(db) must be a list");

    [Fact]
    public void Only_choices_have_properties() =>
        Refused(Ui(Field("x"), Output("a", "x", "host")), """{"x":"y"}""", "(x) does not choose from a collection");

    [Fact]
    public void An_output_of_no_input_is_named() =>
        Refused(Ui(Field("x"), Output("a", "z")), "{}", "no input 'z'");

    [Fact]
    public void A_secret_cannot_be_read_through_another_collection() =>
        Refused(Ui(Choice("d", s_deployments), Output("a", "d", "contents")), $$"""{"d":"{{SecretId}}"}""",
            "names a deployment that does not exist");

    [Fact]
    public void Secrets_hold_texts_as_they_are_and_all_else_as_json()
    {
        var ui = new ValuesUi(
            [Field("text"), Field("map"), Field("none"), Field("gone"), Choice("secret", s_secrets)], [],
            [
                Secret("app", ("t", "text"), ("m", "map"), ("n", "none"), ("g", "gone")),
                Secret("empty", ("g", "gone")),
                new SecretOutput("login", new Dictionary<string, InputReference> { ["p"] = new("secret", "contents") }),
            ]);

        var built = ChartValues.Build(
            Of(ui, $$"""{"text":"a\"ü\n","map":{"k":["ü",1.5,true]},"none":null,"secret":"{{SecretId}}"}"""));

        Assert.Equal(["app", "login"], built.Secrets.Select(s => s.Name));
        Assert.Equal(
            new Dictionary<string, string> { ["t"] = "a\"ü\n", ["m"] = """{"k":["ü",1.5,true]}""", ["n"] = "null" },
            built.Secrets[0].Data);
        Assert.Equal("hunter2", built.Secrets[1].Data["p"]);
        Assert.DoesNotContain("hunter2", $"{built} {built.Secrets[1]}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("platz-creds")]
    [InlineData("sh.helm.release.v1.web-shop.v1")]
    public void Secrets_that_are_not_the_charts_stay_untouched(string name) =>
        Refused(new ValuesUi([Field("x")], [], [Secret(name, ("k", "x"))]), """{"x":"y"}""", name);

    [Fact]
    public void What_hides_a_value_is_never_deployed() =>
        Refused(Ui(Field("x") with { Sensitive = true }, Output("a", "x")), """{"x":{"$sealed":"AAAA"}}""",
            "The input 'The x' (x) holds no value");

    [Fact]
    public void A_preview_holds_masks_where_a_deployment_holds_what_is_sensitive()
    {
        var ui = new ValuesUi(
            [
                Field("key") with { Sensitive = true },
                Field("open") with { ShowIfAll = [new FieldCondition("key", "k3y")] },
                Choice("login", s_secrets),
                Choice("db", s_databases),
            ],
            [
                Output("key", "key"), Output("open", "open"), Output("login", "login", "contents"),
                Output("user", "login", "name"), Output("host", "db", "host"), Output("db", "db", "name"),
            ],
            [Secret("app", ("k", "key"), ("o", "open"))]);
        var request = Of(ui, $$"""{"key":"k3y","open":"o","login":"{{SecretId}}","db":"{{DatabaseId}}"}""");

        var preview = ChartValues.Build(request.ToPreview(["db.example"]));

        Assert.Equal(
            """{"key":#,"open":"o","login":#,"user":"token","host":#,"db":"orders"}""",
            preview.Form.ToJsonString().Replace("""{"$sensitive":true}""", "#", StringComparison.Ordinal));
        Assert.Equal([ValueMask.Text, ValueMask.Text], preview.Secrets[0].Data.Values);
        Assert.Equal(
            """{"key":"k3y","open":"o","login":"hunter2","user":"token","host":"db.example","db":"orders"}""",
            ChartValues.Build(request).Form.ToJsonString());
    }

    private static string Form(ValuesUi? ui, string inputs) => ChartValues.Build(Of(ui, inputs)).Form.ToJsonString();

    private static void Refused(ValuesUi ui, string inputs, params string[] reasons)
    {
        var error = Assert.Throws<ValuesException>(() => ChartValues.Build(Of(ui, inputs)));
        Assert.All(reasons, reason => Assert.Contains(reason, error.Message, StringComparison.Ordinal));
    }

    private static SecretOutput Secret(string name, params (string Key, string Input)[] keys) =>
        new(name, keys.ToDictionary(k => k.Key, k => new InputReference(k.Input, null)));
}
