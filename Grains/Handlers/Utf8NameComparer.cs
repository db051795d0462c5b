using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Shortline.Grains.Handlers;

/// <summary>Looks up names in a dictionary by the UTF-8 bytes of a datagram, without making a string of them. Names are ASCII.</summary>
internal sealed class Utf8NameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly Utf8NameComparer Instance = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string name)
    {
        Span<byte> utf8 = stackalloc byte[OperationName.MaxLength];
        return GetHashCode(utf8[..Encoding.ASCII.GetBytes(name, utf8)]);
    }

    public bool Equals(ReadOnlySpan<byte> utf8, string name) => Ascii.Equals(utf8, name);

    public int GetHashCode(ReadOnlySpan<byte> utf8)
    {
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<byte> utf8) => Encoding.ASCII.GetString(utf8);
}
