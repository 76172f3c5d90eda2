using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Runner;
using Platz.Runner.Maintenance;
using Platz.Web.Audit;
using Platz.Web.Security;
using Platz.Web.SignIn;

namespace Platz.Tests.Web.Audit;

/// <summary>A setting that is new is told or it is not: whoever adds it says so here.</summary>
public sealed class ToldSettingsTests
{
    [Fact]
    public void The_web_process_tells_all_but_its_secret()
    {
        var (edge, limits) = (Options.Create(new EdgeOptions()), Options.Create(new LimitOptions()));
        var told = new WebSettings(null!, Options.Create(new SignInOptions()), edge, limits).All;

        Assert.Equal(
            "BadTokensPerMinute ChangesPerMinute ConnectionsPerMinute OpenPages RequestTimeout RequestsPerMinute "
                + "SignInsPerMinute",
            Names(told, "Limits:"));
        Assert.Equal(
            "AdminEmails AdminGroups AllowedEmailDomains AllowedGroups Authority ClientId EmailClaim GroupsClaim NameClaim "
                + "ProviderName Scopes",
            Names(told, "SignIn:"));
        Assert.Equal("Cors:Origins Hosts Proxies", Names(told, "Web:"));
    }

    [Fact]
    public void The_runner_tells_all_but_whom_it_serves_and_of_where_heads_go_no_more_than_the_server()
    {
        var heads = new AuditHeadOptions { HeadFile = "/heads", HeadUrl = "https://me:hush@logs.test:8443/hush?key=hush" };
        var told = new RunnerSettings(null!, Options.Create(new RunnerOptions()), Options.Create(heads)).All;

        Assert.Equal(
            "ClusterPatience CredentialsLifetime DrainTimeout HeartbeatInterval HelmImage HelmTimeout LeaseDuration "
                + "LogHead LogTail MaxAttempts MaxConcurrentTasks MaxConcurrentTasksPerCluster Namespace OwnUrl "
                + "PodStartTimeout RescueInterval StatusInterval",
            Names(told, "Runner:"));
        Assert.Equal("HeadFile HeadUrl", Names(told, "Audit:"));
        Assert.Equal("https://logs.test:8443", told.Single(s => s.Name == "Audit:HeadUrl").Value);
        Assert.All(told, s => Assert.DoesNotContain("hush", s.Value, StringComparison.Ordinal));
    }

    private static string Names(IEnumerable<ConfiguredSetting> settings, string section) => string.Join(
        ' ',
        settings.Select(s => s.Name).Where(name => name.StartsWith(section, StringComparison.Ordinal))
            .Select(name => name[section.Length..]).Order(StringComparer.Ordinal));
}
