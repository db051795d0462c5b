namespace Shortline.Hosting;

/// <summary>How a value was written.</summary>
internal enum EntryKind
{
    /// <summary>Text: a JSON string, an environment variable, a word of the command line.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>Another kind of JSON value, which no setting is.</summary>
    Other,
}

/// <summary>A value that one of the sources gives to a key.</summary>
/// <param name="Path">The key, <c>section.name</c>, as it was written there.</param>
/// <param name="Value">The text of the value.</param>
/// <param name="Kind">How it was written.</param>
/// <param name="Origin">Where it was written, for people.</param>
internal readonly record struct SettingEntry(string Path, string Value, EntryKind Kind, string Origin);
