using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>How a database is reached, or nothing. Which words it may have is known to the database's library alone.</summary>
internal sealed class ConnectionString : ValueKind<string>
{
    public override string Allowed => "a connection string, such as Host=db;Database=shortline;Username=shortline;Password=…, or empty";

    public override bool IsSecret => true;

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var read = entry.Kind == EntryKind.Text && IsOne(entry.Value);
        value = read ? entry.Value.Trim() : null;
        return read;
    }

    private static bool IsOne(string text)
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
}
