using Platz.Core.Charts;

namespace Platz.Tests.Core.Charts;

public sealed class EcrAddressTests
{
    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1", "https://api.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("123456789012.dkr.ecr.us-gov-east-1.amazonaws.com", "us-gov-east-1",
        "https://api.ecr.us-gov-east-1.amazonaws.com/")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1",
        "https://api.ecr.cn-north-1.amazonaws.com.cn/")]
    public void Region_and_API_follow_from_the_host(string host, string region, string api) => Assert.Equal(
        new EcrAddress(host, region, new Uri(api)), EcrAddress.Of(Source($"oci://{host}/charts")));

    [Theory]
    [InlineData("registry.example")]
    [InlineData("12345678901.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example")]
    [InlineData("123456789012.dkr.ecr.evil.example.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com:8443")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com")]
    [InlineData("x123456789012.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("public.ecr.aws")]
    public void No_other_host_is_one_of_ECR(string host) => Assert.Equal(
        $"{host} is not a registry of ECR, which is <account>.dkr.ecr.<region>.amazonaws.com.",
        EcrAddress.Problem(Source($"oci://{host}/charts")));

    [Theory]
    [InlineData("https://ecr.internal", true)]
    [InlineData("https://ecr.internal:8443/", true)]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("http://ecr.internal", false)]
    [InlineData("https://user@ecr.internal", false)]
    [InlineData("https://ecr.internal/path", false)]
    [InlineData("ecr.internal", false)]
    public void Another_endpoint_is_a_server_behind_TLS(string endpoint, bool fine) => Assert.Equal(fine,
        EcrAddress.Problem(Source($"oci://{FakeEcr.Host}", endpoint: endpoint)) is null);

    [Fact]
    public void What_cannot_work_is_found_at_start()
    {
        var options = new RegistriesOptions
        {
            Sources =
            [
                Source($"http://{FakeEcr.Host}", "a"), Source($"oci://{FakeEcr.Host}", "b", password: "x"),
                Source($"oci://{FakeEcr.Host}", "c"),
            ],
        };

        Assert.Equal(
            [
                "Registries:Sources:0: ECR is reached over TLS only: write oci:// in the Url.",
                "Registries:Sources:1: ECR gives out Username and Password itself: leave them out.",
            ],
            new RegistriesOptionsValidator().Validate(null, options).Failures);
    }

    private static RegistrySource Source(
        string url, string name = "ecr", string? password = null, string? endpoint = null) => new()
        {
            Name = name,
            Url = url,
            Provider = RegistryProvider.Ecr,
            Password = password,
            EcrEndpoint = endpoint,
        };
}
