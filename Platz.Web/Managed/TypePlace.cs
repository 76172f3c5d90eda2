using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Core.Resources;

namespace Platz.Web.Managed;

/// <summary>Where a page is: the things of one type in one env, and what the reader is for their kind.</summary>
public sealed record TypePlace(Env Env, ManagedType Type, Standing Standing);
