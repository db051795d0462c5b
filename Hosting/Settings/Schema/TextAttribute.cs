using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Net;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Settings.Schema;

/// <summary>The kinds of text that settings have.</summary>
internal enum TextKind
{
    /// <summary>A name that is safe in file names, logs and databases.</summary>
    ShortName,

    /// <summary>A folder, or empty. Whether it exists and can be written is checked where it is used.</summary>
    Folder,

    /// <summary>A file, or empty. Whether it exists and can be read is checked where it is used.</summary>
    File,

    /// <summary>A password, or empty. It is a secret.</summary>
    Secret,

    /// <summary>An IP address to listen on.</summary>
    ListenAddress,

    /// <summary>An IP address by which others reach this machine, so not the address that stands for every network.</summary>
    OwnAddress,

    /// <summary>
    /// A connection string, or empty. It is a secret. Which keywords it may have is known to the database's library only.
    /// </summary>
    ConnectionString,

    /// <summary>
    /// The name of an algorithm. <see cref="SettingsSchema"/> is given the names, because Hosting does not know the algorithms.
    /// </summary>
    Algorithm,
}

/// <summary>Limits a setting of type <see cref="string"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute(TextKind kind) : ValidationAttribute
{
    public TextKind Kind => kind;

    /// <summary>Whether the value must not appear in a message or log.</summary>
    public bool IsSecret => kind is TextKind.ConnectionString or TextKind.Secret;

    /// <summary>What is allowed, as it reads after "key = value:".</summary>
    public string Allowed => kind switch
    {
        TextKind.ShortName => $"1 to {ShortName.Longest} letters, digits, -, _ or .",
        TextKind.Folder => "a folder, or empty for none",
        TextKind.File => "a file, or empty for none",
        TextKind.Secret => "text, or empty for none",
        TextKind.ListenAddress => "an IP address, such as 127.0.0.1 (this machine only), 0.0.0.0 (every IPv4 address) or :: (IPv6 too)",
        TextKind.OwnAddress => "an IP address of this machine, such as 127.0.0.1 or 10.0.0.5, not 0.0.0.0",
        TextKind.ConnectionString => "a connection string, such as Host=db;Database=shortline;Username=shortline;Password=… or 127.0.0.1:6379,password=…, or empty",
        _ => "the name of an algorithm",
    };

    public override bool IsValid(object? value) => value is string text && kind switch
    {
        TextKind.ShortName => ShortName.IsOne(text),
        TextKind.Folder or TextKind.File => text.IndexOfAny(Path.GetInvalidPathChars()) < 0,
        TextKind.ListenAddress => AddressOf(text) is not null,
        TextKind.OwnAddress => AddressOf(text) is { } address && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any),
        TextKind.ConnectionString => IsConnectionString(text),
        _ => true,
    };

    private static IPAddress? AddressOf(string text) => PlainAddress.TryParse(text, out IPAddress? address) ? address : null;

    private static bool IsConnectionString(string text) => IsKeysAndValues(text) || IsServers(text);

    // As PostgreSQL has it: key=value;key=value.
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

    // As Redis has it: host:port,key=value. It begins with a host, which is neither a key with its value nor a URL.
    private static bool IsServers(string text) =>
        text.Split(',')[0].Trim() is { Length: > 0 } host && !host.Contains('=') && !host.Contains("//", StringComparison.Ordinal) && !host.Contains(' ');
}
