namespace Platz.Core;
