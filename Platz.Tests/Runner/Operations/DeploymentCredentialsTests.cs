using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Runner.Maintenance;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

public sealed class DeploymentCredentialsTests(PostgresServer postgres, ChartRegistry registry)
    : OperationTest(postgres, registry)
{
    [Fact]
    public async Task They_are_given_at_install_and_renewed_early_each_deployment_on_its_own()
    {
        Settings["Runner:OwnUrl"] = "https://platz.example.org";
        var runner = await StartRunnerAsync();
        var (gone, shop) = (await InstallAsync("gone"), await InstallAsync("shop"));
        var first = await SecretAsync(shop);
        Assert.Equal(["access_token", "expires_at", "server_url"], first.Keys.Order());
        Assert.Equal("https://platz.example.org", first["server_url"]);
        Assert.Equal(shop.Id, (await OwnerAsync(runner, first["access_token"]))?.Id);
        Assert.InRange(DateTimeOffset.Parse(first["expires_at"], null) - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(60));

        await RefreshAsync(runner);
        Assert.Equal(first["access_token"], (await SecretAsync(shop))["access_token"]); // not yet

        await Sandbox.DeleteAsync($"/api/v1/namespaces/{gone.Namespace}", Cancel);
        var soon = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(39);
        await using (var db = await DbAsync())
        {
            await db.Credentials.ExecuteUpdateAsync(set => set.SetProperty(c => c.ExpiresAt, soon), Cancel);
        }

        await RefreshAsync(runner);

        Assert.NotEqual(first["access_token"], (await SecretAsync(shop))["access_token"]);
        await using var after = await DbAsync();
        Assert.True(await after.Credentials.AnyAsync(c => c.DeploymentId == shop.Id && c.ExpiresAt > soon, Cancel));
        var unchanged = await after.Credentials.SingleAsync(c => c.DeploymentId == gone.Id, Cancel);
        Assert.Equal(soon, unchanged.ExpiresAt, TimeSpan.FromSeconds(1));
    }

    private static async Task RefreshAsync(RunnerHost runner) =>
        await ActivatorUtilities.CreateInstance<CredentialRefreshJob>(runner.Services).Execute(null!, Cancel);

    private static Task<Actor.Deployment?> OwnerAsync(RunnerHost runner, string token) =>
        runner.Services.GetRequiredService<DeploymentTokens>().FindAsync(token, Cancel);

    private async Task<Dictionary<string, string>> SecretAsync(Deployment deployment)
    {
        var secret = await Sandbox.GetAsync($"/api/v1/namespaces/{deployment.Namespace}/secrets/platz-creds", Cancel);
        return secret["data"]!.AsObject().ToDictionary(
            e => e.Key, e => Encoding.UTF8.GetString(Convert.FromBase64String(e.Value!.ToString())));
    }
}
