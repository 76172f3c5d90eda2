using System.Text.Json;
using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;
using Platz.Tests.Core.Values;
using Platz.Tests.Support;
using Platz.Web.Api.V2;
using Platz.Web.Deployments;
using Platz.Web.Inputs;
using Platz.Web.Tasks;

namespace Platz.Tests.Web.Inputs;

/// <summary>Generated forms, typed into as a person does, saved to a database, and opened again.</summary>
public sealed class FormRoundTripTests(PostgresServer postgres) : TypedFormTest(postgres)
{
    [Fact]
    public Task What_is_typed_is_stored_shown_again_and_saved_again_without_a_difference() => EachAsync(async form =>
    {
        var (ui, stored) = await SaveAsync(form);
        AssertSame(form.Expected(), Opened(stored));

        var config = new ConfigDraft(stored.Config);
        config.Use(ui);
        var hand = new FormHand(Open(config));
        foreach (var input in ui.VisibleInputs(config.Inputs!.Values).Where(i => !i.Sensitive))
        {
            AssertSame(Shown(input, form.Expected()[input.Id]), hand.Read(input));
        }

        Assert.False(config.IsTouched);
        Assert.Null(config.ChangeFrom(stored.Config, whole: true));
        await SaveAsync(stored.Id, config.Value!);
        Assert.True(JsonNode.DeepEquals(stored.Config, (await ReadAsync(stored.Id)).Config));
    });

    [Fact]
    public Task What_one_types_and_does_not_save_is_gone_at_the_next_opening() => EachAsync(async form =>
    {
        var (ui, stored) = await SaveAsync(form);
        var before = stored.Config.ToJsonString();
        var config = new ConfigDraft(stored.Config);
        config.Use(ui);
        await TypeAsync(Open(config), form with { Last = !form.Last }, config.Inputs!, onlyPlain: true);

        var again = new ConfigDraft(stored.Config);
        again.Use(ui);
        Assert.Equal(before, stored.Config.ToJsonString());
        AssertSame(SealedJson.MaskInputs(stored.Config), again.Value);
        AssertSame(InputDraft.New(ui).ToInputs(), InputDraft.New((await ReadFormAsync(stored)).Ui).ToInputs());
    });

    [Fact]
    public async Task What_is_hidden_reaches_no_values()
    {
        var hidden = 0;
        await EachAsync(async form =>
        {
            var (ui, stored) = await SaveAsync(form);
            var opened = Opened(stored);
            var built = ChartValues.Build(ValuesRequests.Of(ui) with { Inputs = opened });
            var preview = await PreviewAsync(stored);
            var secret = built.Secrets.SelectMany(s => s.Data.Keys).ToList();
            foreach (var input in ui.Inputs)
            {
                var reaches = input.IsVisible(opened) && opened.ContainsKey(input.Id);
                Assert.Equal(reaches, built.Values["out"]!.AsObject().ContainsKey(input.Id));
                Assert.Equal(reaches, preview["out"]!.AsObject().ContainsKey(input.Id));
                Assert.Equal(reaches, secret.Contains(input.Id));
                hidden += !reaches && opened.ContainsKey(input.Id) ? 1 : 0;
            }
        });

        Assert.True(hidden > 0, "nothing was hidden: the sample proves nothing");
    }

    [Fact]
    public async Task What_is_sensitive_reaches_nothing_that_can_be_read()
    {
        var sealedOnes = 0;
        await EachAsync(async form =>
        {
            var (ui, stored) = await SaveAsync(form);
            await ReplaceSecretsAsync(ui, stored);
            stored = await ReadAsync(stored.Id);
            sealedOnes += stored.Config.Count(value => SealedJson.IsSealed(value.Value));

            AssertClean(await RowsAsync(stored.Id));
            List<string> shown =
            [
                JsonSerializer.Serialize(DeploymentResponse.From(stored, Standing.Owner)),
                (await PreviewAsync(stored)).ToJsonString(),
                ConfigDiff.Between([], stored.Config).ToJsonString(),
                (Open(await DraftAsync(stored))).Markup,
                Page.Render<InputValues>(
                    p => p.Add(v => v.Ui, ui).Add(v => v.Values, stored.Config).Add(v => v.EnvId, Env.Id)).Markup,
            ];
            foreach (var task in (await TasksAsync()).Where(t => t.DeploymentId == stored.Id))
            {
                shown.Add(JsonSerializer.Serialize(DeploymentTaskResponse.From(task, Standing.Owner)));
                shown.Add(Page.Render<OperationDetails>(p => p.Add(d => d.Task, task)).Markup);
            }

            Assert.All(shown, text => AssertClean(text, alsoSealed: true));
        });

        Assert.True(sealedOnes > 0, "nothing was sealed: the sample proves nothing");
    }

    private async Task ReplaceSecretsAsync(ValuesUi ui, Deployment stored)
    {
        var config = await DraftAsync(stored);
        var hand = new FormHand(Open(config));
        foreach (var input in ui.VisibleInputs(config.Inputs!.Values)
            .Where(i => i is { Sensitive: true, IsArray: false, Type: InputType.Text }))
        {
            await hand.TypeAsync(input, $"{TypedForm.Canary}-anew");
        }

        await SaveAsync(stored.Id, config.Value!);
    }

    private async Task<ConfigDraft> DraftAsync(Deployment stored)
    {
        var config = new ConfigDraft(stored.Config);
        config.Use((await ReadFormAsync(stored)).Ui);
        return config;
    }

    /// <summary>As it is in the database, whatever the code would leave out.</summary>
    private async Task<string> RowsAsync(Guid id)
    {
        await using var rows = Source.CreateCommand($"""
            SELECT (SELECT row_to_json(d)::text FROM deployments AS d WHERE d.id = '{id}')
                || (SELECT string_agg(row_to_json(t)::text, '') FROM deployment_tasks AS t WHERE t.deployment_id = '{id}')
            """);
        return (string)(await rows.ExecuteScalarAsync(Cancel))!;
    }

    private JsonObject Opened(Deployment stored) =>
        Page.Services.GetRequiredService<SensitiveInputs>().Open(stored.Id, stored.Config).Inputs;

    private async Task<JsonObject> PreviewAsync(Deployment stored)
    {
        var result = await Page.Services.GetRequiredService<FinalValues>().PreviewAsync(
            new FinalValuesRequest(
                Env.Id, Cluster.Id, stored.HelmChartId, stored.Id, stored.Name, stored.Namespace, Kind.Name,
                stored.Config, []),
            Cancel);
        return Assert.IsType<FinalValuesResult.Shown>(result).Preview.ToJson();
    }

    /// <summary>An empty control shows nothing, whether that is stored or not.</summary>
    private static JsonNode? Shown(InputField input, JsonNode? stored) =>
        stored?.DeepClone() ?? (input.IsArray ? new JsonArray() : input.Type is InputType.Text ? "" : null);

    private static void AssertSame(JsonNode? expected, JsonNode? actual) => Assert.True(
        JsonNode.DeepEquals(expected, actual), $"{expected?.ToJsonString()} became {actual?.ToJsonString()}");

    private static void AssertClean(string text, bool alsoSealed = false)
    {
        Assert.DoesNotContain(TypedForm.Canary, text, StringComparison.Ordinal);
        Assert.DoesNotContain(TypedForm.NumberCanary, text, StringComparison.Ordinal);
        if (alsoSealed)
        {
            Assert.DoesNotContain("$sealed", text, StringComparison.Ordinal);
        }
    }
}
