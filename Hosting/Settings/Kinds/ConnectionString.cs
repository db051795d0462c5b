using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>
/// How a database is reached, or nothing: <c>key=value;…</c> as PostgreSQL has it, or <c>host:port,key=value,…</c> as Redis has it. Which
/// keys are allowed is known to the database's library alone.
/// </summary>
internal sealed class ConnectionString : ValueKind<string>
{
    public override string Allowed =>
        "a connection string, such as Host=db;Database=shortline;Username=shortline;Password=… or 127.0.0.1:6379,password=…, or empty";

    public override bool IsSecret => true;

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var read = entry.Kind == EntryKind.Text && (IsKeysAndValues(entry.Value) || IsServers(entry.Value));
        value = read ? entry.Value.Trim() : null;
        return read;
    }

    private static bool IsKeysAndValues(string text)
    {
        try
        {
            _ = new DbConnectionStringBuilder { ConnectionString = text };
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the text begins with a host, which a key with its value is not, nor a URL.</summary>
    private static bool IsServers(string text) =>
        text.Split(',')[0].Trim() is { Length: > 0 } host && !host.Contains('=') && !host.Contains("//", StringComparison.Ordinal) && !host.Contains(' ');
}
