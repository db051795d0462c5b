namespace Shortline.Client;

/// <summary>Orders server names as people do: 2 before 10.</summary>
internal sealed class ServerNameOrder : IComparer<string>
{
    public static ServerNameOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => IsNumber(x) && IsNumber(y) && x!.Length != y!.Length ? x.Length - y.Length : string.CompareOrdinal(x, y);

    private static bool IsNumber(string? name) => !string.IsNullOrEmpty(name) && name.All(char.IsAsciiDigit);
}
