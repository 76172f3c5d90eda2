using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Platz.Core.Identity;

namespace Platz.Web.SignIn;

/// <summary>Lets the framework keep its key ring in <see cref="SessionKeys"/>.</summary>
internal sealed class SessionKeyRepository(SessionKeys keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.ReadAll().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        keys.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}

internal static class SessionKeyServices
{
    public static void AddSessionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("platz");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options =>
            {
                options.XmlRepository = new SessionKeyRepository(provider.GetRequiredService<SessionKeys>());

                // Sealed whole, on the way into the table; a second encryption inside would add nothing.
                options.XmlEncryptor = new NullXmlEncryptor();
            }));
    }
}
