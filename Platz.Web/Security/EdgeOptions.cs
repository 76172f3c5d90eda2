using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Platz.Web.Security;

/// <summary>What is around the web process: its names, the proxies before it, and other sites that may call it.</summary>
public sealed class EdgeOptions : IValidatableObject
{
    public const string Section = "Web";

    /// <summary>Names it is asked for by; <c>*.example.org</c> for all below one. Empty: whatever it is called.</summary>
    public string[] Hosts { get; init; } = [];

    /// <summary>Addresses and networks whose <c>X-Forwarded-*</c> headers are believed; of nobody else.</summary>
    public string[] Proxies { get; init; } = [];

    public CrossOriginOptions Cors { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in Hosts.Where(h => Uri.CheckHostName(WithoutStar(h)) is UriHostNameType.Unknown))
        {
            yield return new ValidationResult(
                $"Web:Hosts: '{host}' is no host name; write it without a scheme and a port.", [nameof(Hosts)]);
        }

        foreach (var proxy in Proxies.Where(p => Network(p) is null))
        {
            yield return new ValidationResult(
                $"Web:Proxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8.", [nameof(Proxies)]);
        }

        foreach (var origin in Cors.Origins.Where(o => !IsOrigin(o)))
        {
            yield return new ValidationResult(
                $"Web:Cors:Origins: '{origin}' is no origin such as https://portal.example.org, in full and without a path "
                + "(http only on this machine).",
                [nameof(Cors)]);
        }
    }

    /// <summary>Null for what is none, and for all addresses there are.</summary>
    internal static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network.PrefixLength == 0 ? null : network
        : IPAddress.TryParse(text, out var address) && IsWhole(text, address)
            ? new IPNetwork(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128)
            : null;

    /// <summary>As a browser writes it.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && !text.Contains('*', StringComparison.Ordinal) && uri.Host == uri.IdnHost && uri.UserInfo.Length == 0
        && text == uri.GetLeftPart(UriPartial.Authority);

    private static string WithoutStar(string host) => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;

    /// <summary>Not 10.1 or 0x7f000001, which are read as addresses too.</summary>
    private static bool IsWhole(string text, IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == text;
}

public sealed class CrossOriginOptions
{
    /// <summary>Sites whose scripts may call the API, with a token and never with a visitor's cookie.</summary>
    public string[] Origins { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class EdgeOptionsValidator : IValidateOptions<EdgeOptions>;
