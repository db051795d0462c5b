namespace Shortline.Client;

/// <summary>Orders server names as people do: 2 before 10.</summary>
internal sealed class ServerNameOrder : IComparer<string>
{
    public static ServerNameOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => string.Compare(x, y, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CompareOptions.NumericOrdering);
}
