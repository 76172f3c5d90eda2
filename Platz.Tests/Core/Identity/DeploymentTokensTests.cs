using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Identity;

public sealed class DeploymentTokensTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z", null));
    private readonly TempFolder _folder = new();

    private DeploymentTokens Tokens => Services.GetRequiredService<DeploymentTokens>();

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Secrets:KeyFile", _folder.File("keys"))]).Build());
        services.AddPlatzIdentity();
        services.AddSingleton<TimeProvider>(_clock);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_leads_to_its_deployment_in_the_form_of_the_existing_product()
    {
        var deployment = await AddDeploymentAsync();
        var token = await Tokens.CreateAsync(deployment.Id, s_minute, Cancel);

        Assert.Equal(new Actor.Deployment(deployment.Id, "Web/shop"), await Tokens.FindAsync(token, Cancel));
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Decode(token.Split('.')[0]));
        var claims = JsonNode.Parse(Decode(token.Split('.')[1]))!.AsObject();
        Assert.Equal(["aud", "env_id", "exp", "iat", "identity", "iss", "nbf"], claims.Select(c => c.Key).Order());
        Assert.Equal($$"""{"Deployment":"{{deployment.Id}}"}""", claims["identity"]!.ToJsonString());
        Assert.Equal(60, (int)claims["exp"]! - (int)claims["iat"]!);
    }

    [Fact]
    public async Task Another_process_knows_it_too()
    {
        var deployment = await AddDeploymentAsync();
        var token = await Tokens.CreateAsync(deployment.Id, s_minute, Cancel);

        var other = ActivatorUtilities.CreateInstance<DeploymentTokens>(Services);

        Assert.NotNull(await other.FindAsync(token, Cancel));
    }

    [Fact]
    public async Task It_ends_with_its_time_its_deployment_and_its_env()
    {
        var deployment = await AddDeploymentAsync();
        var token = await Tokens.CreateAsync(deployment.Id, s_minute, Cancel);
        _clock.Advance(TimeSpan.FromSeconds(64));
        Assert.NotNull(await Tokens.FindAsync(token, Cancel)); // clocks differ a little
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await Tokens.FindAsync(token, Cancel));

        token = await Tokens.CreateAsync(deployment.Id, s_minute, Cancel);
        Assert.Null(await Behind(seconds: 6).FindAsync(token, Cancel)); // not yet
        Assert.NotNull(await Behind(seconds: 4).FindAsync(token, Cancel));

        var other = new Env { Name = "other" };
        await using var db = await DbAsync();
        db.Add(other);
        await db.SaveChangesAsync(Cancel);
        await db.Clusters.ExecuteUpdateAsync(set => set.SetProperty(c => c.EnvId, other.Id), Cancel);
        Assert.Null(await Tokens.FindAsync(token, Cancel));
        await db.Clusters.ExecuteUpdateAsync(set => set.SetProperty(c => c.EnvId, Env.Id), Cancel);
        Assert.NotNull(await Tokens.FindAsync(token, Cancel));
        await db.Deployments.ExecuteUpdateAsync(set => set.SetProperty(d => d.DeletedAt, DateTimeOffset.UnixEpoch), Cancel);
        Assert.Null(await Tokens.FindAsync(token, Cancel));
    }

    [Fact]
    public async Task A_changed_or_forged_token_leads_nowhere()
    {
        var (deployment, other) = (await AddDeploymentAsync(), await AddDeploymentAsync("other"));
        var parts = (await Tokens.CreateAsync(deployment.Id, s_minute, Cancel)).Split('.');
        var forged = Encode(Decode(parts[1]).Replace($"{deployment.Id}", $"{other.Id}", StringComparison.Ordinal));

        Assert.All(
            await Task.WhenAll(new[]
            {
                null, "", "a.b.c", "..", $"{parts[0]}.{forged}.{parts[2]}", $"{parts[0]}.{parts[1]}.",
                $"{parts[0]}.{parts[1]}.{Flipped(parts[2])}", $"{parts[0]}.{parts[1]}",
                $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
                $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
                $"{Encode("""{"alg":"HS512","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
                $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
                string.Join('.', parts) + new string('a', 10_000),
            }.Select(text => Tokens.FindAsync(text, Cancel))),
            Assert.Null);
    }

    [Fact]
    public async Task A_well_signed_token_that_says_something_else_leads_nowhere()
    {
        var deployment = await AddDeploymentAsync();
        var claims = JsonNode.Parse(Decode((await Tokens.CreateAsync(deployment.Id, s_minute, Cancel)).Split('.')[1]))!;
        Assert.NotNull(await Tokens.FindAsync(await SignAsync(claims), Cancel));

        foreach (var (name, value) in new[]
        {
            ("iss", "evil"), ("aud", "evil"), ("exp", null), ("identity", null), ("identity", """{"User":"x"}"""),
            ("identity", """{"Deployment":7}"""), ("identity", "\"text\""), ("env_id", null), ("exp", "1e400"),
        })
        {
            var changed = claims.DeepClone().AsObject();
            changed.Remove(name);
            if (value is not null)
            {
                changed[name] = value[0] is '{' or '"' or '1' ? null : value;
            }

            var text = changed.ToJsonString();
            text = value is not null && value[0] is '{' or '"' or '1'
                ? text.Replace($"\"{name}\":null", $"\"{name}\":{value}", StringComparison.Ordinal)
                : text;
            Assert.Null(await Tokens.FindAsync(await SignAsync(text), Cancel));
        }
    }

    /// <summary>A process whose clock is late.</summary>
    private DeploymentTokens Behind(int seconds) => ActivatorUtilities.CreateInstance<DeploymentTokens>(
        Services, new FakeTimeProvider(_clock.GetUtcNow() - TimeSpan.FromSeconds(seconds)));

    private Task<string> SignAsync(JsonNode claims) => SignAsync(claims.ToJsonString());

    private async Task<string> SignAsync(string claims)
    {
        await using var db = await DbAsync();
        var stored = await db.Settings.SingleAsync(s => s.Key == "deployment_token_key", Cancel);
        var key = Services.GetRequiredService<Envelope>().Open(stored.Value, "settings/deployment_token_key");
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(claims)}";
        return $"{text}.{Base64UrlEncoder.Encode(
            System.Security.Cryptography.HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Decode(string part) => Base64UrlEncoder.Decode(part);

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);

    private static string Flipped(string text) => (text[0] == 'A' ? 'B' : 'A') + text[1..];
}
