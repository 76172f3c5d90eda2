using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platz.Sandbox;

/// <summary>
/// The sandbox's own certificate authority and server certificate, made once and kept with the data. kubectl and helm
/// send a token over TLS only, so there is no way around it.
/// </summary>
public sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset s_from = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_to = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Certificates(X509Certificate2 server, string authorityPem)
    {
        Server = server;
        AuthorityPem = authorityPem;
    }

    public X509Certificate2 Server { get; }

    /// <summary>What clients must trust.</summary>
    public string AuthorityPem { get; }

    public static Certificates Load(string file)
    {
        if (!File.Exists(file))
        {
            File.WriteAllText(file, "");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        var pem = File.ReadAllText(file);
        if (pem.Length == 0)
        {
            File.WriteAllText(file, pem = Make());
        }

        const string end = "-----END CERTIFICATE-----\n";
        var split = pem.IndexOf(end, StringComparison.Ordinal) + end.Length;
        using var server = X509Certificate2.CreateFromPem(pem.AsSpan(split), pem.AsSpan(split));
        return new Certificates(X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null),
            pem[..split]);
    }

    public void Dispose() => Server.Dispose();

    /// <summary>The authority's certificate, then the server's with its key.</summary>
    private static string Make()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=platz-sandbox-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        using var authority = authorityRequest.CreateSelfSigned(s_from, s_to);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=platz-sandbox", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var server = request.Create(authority, s_from, s_to, RandomNumberGenerator.GetBytes(12));
        return $"{authority.ExportCertificatePem()}\n{server.ExportCertificatePem()}\n"
            + $"{serverKey.ExportPkcs8PrivateKeyPem()}\n";
    }
}
