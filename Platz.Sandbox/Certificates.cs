using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;

namespace Platz.Sandbox;

/// <summary>
/// The sandbox's own certificate authority and its certificates. The authority is made once and kept with the data.
/// kubectl and helm send a token over TLS only, so there is no way around it.
/// </summary>
public sealed class Certificates : IDisposable
{
    private readonly Authority _authority;
    private readonly ConcurrentDictionary<(string Host, IngressCertificate Kind), X509Certificate2> _hosts = [];

    private Certificates(Authority authority)
    {
        _authority = authority;
        Server = authority.Sign("platz-sandbox", names =>
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("localhost");
            names.AddDnsName("kubernetes.default.svc");
        });
    }

    public X509Certificate2 Server { get; }

    /// <summary>What clients must trust.</summary>
    public string AuthorityPem => _authority.Pem;

    public static Certificates Load(string file)
    {
        if (File.Exists(file))
        {
            return new Certificates(new Authority(X509Certificate2.CreateFromPemFile(file)));
        }

        var authority = Authority.Make("platz-sandbox-ca");
        WholeFile.Write(file, authority.Pem + authority.KeyPem);
        return new Certificates(authority);
    }

    /// <summary>A certificate for a host of an ingress, made when it is asked for first.</summary>
    internal X509Certificate2 ForHost(string host, IngressCertificate kind) =>
        _hosts.GetOrAdd((host, kind), asked => asked.Kind switch
        {
            IngressCertificate.WrongName => Sign(_authority, "wrong.sandbox.invalid"),
            IngressCertificate.Expired =>
                Sign(_authority, asked.Host, to: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            IngressCertificate.UnknownAuthority => SignByStranger(asked.Host),
            _ => Sign(_authority, asked.Host),
        });

    public void Dispose()
    {
        Server.Dispose();
        _authority.Dispose();
        foreach (var certificate in _hosts.Values)
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2 Sign(Authority authority, string host, DateTimeOffset? to = null) =>
        authority.Sign("platz-sandbox-ingress", names => names.AddDnsName(host), to);

    private static X509Certificate2 SignByStranger(string host)
    {
        using var stranger = Authority.Make("somebody-else");
        return Sign(stranger, host);
    }
}

/// <summary>What the ingress shows to who connects to it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IngressCertificate>))]
public enum IngressCertificate
{
    Valid,
    WrongName,
    Expired,
    UnknownAuthority,
}
