using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Shortline.Hosting.Settings.Sources;

/// <summary>
/// Reads a settings file: a JSON object of sections, which are objects of keys. Comments and trailing commas are allowed. The framework's
/// JSON provider does not keep the line of a value and stops at the first duplicate key; this one reports every fault with its line.
/// </summary>
internal ref struct JsonSettingsFile
{
    // A settings file has a few kilobytes. A larger file was given by mistake.
    private const int LargestFile = 1_000_000;

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _name;
    private readonly SettingsProvider _provider;
    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);
    private Utf8JsonReader _json;

    private JsonSettingsFile(ReadOnlySpan<byte> utf8, string name, SettingsProvider provider)
    {
        _utf8 = utf8;
        _name = name;
        _provider = provider;
        _json = new Utf8JsonReader(utf8, Options);
    }

    private readonly int Line => 1 + _utf8[..(int)_json.TokenStartIndex].Count((byte)'\n');

    /// <summary>Reads a file that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The file as messages name it.</param>
    public static SettingsProvider Read(string path, string name)
    {
        var provider = new SettingsProvider();
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                provider.AddFault(name, $"larger than {LargestFile} bytes, so not a settings file");
            else
                Parse(File.ReadAllBytes(path), name, provider);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            provider.AddFault(name, $"cannot be read: {exception.Message}");
        }

        return provider;
    }

    private static void Parse(ReadOnlySpan<byte> utf8, string name, SettingsProvider provider)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(utf8))
        {
            provider.AddFault($"{name}, line {1 + utf8[..ValidLength(utf8)].Count((byte)'\n')}", "not UTF-8 text");
            return;
        }

        try
        {
            new JsonSettingsFile(utf8, name, provider).ParseSections();
        }
        catch (JsonException exception)
        {
            // The part before the fault is not used: the settings would be half of what the user wrote.
            provider.Entries.Clear();
            var message = exception.Message.Split(" LineNumber:")[0];
            provider.AddFault($"{name}, line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}", $"not JSON: {message}");
        }
    }

    /// <summary>The number of bytes before the first one that is not UTF-8.</summary>
    private static int ValidLength(ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        while (Rune.DecodeFromUtf8(utf8[length..], out _, out var consumed) == OperationStatus.Done)
            length += consumed;
        return length;
    }

    private void ParseSections()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _provider.AddFault($"{_name}, line {Line}", "not an object of sections, such as { \"server\": { … } }");
            return;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var section = ReadName(prefix: "");
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                AddValue(section);
                continue;
            }

            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
                AddValue(ReadName($"{section}."));
        }

        // Text after the object is a fault, which this read finds.
        _json.Read();
    }

    // Reads a name and goes on to its value.
    private string ReadName(string prefix)
    {
        var path = prefix + _json.GetString();
        if (!_lines.TryAdd(path, Line))
            _provider.AddFault($"{_name}, line {Line}", $"{path} is given twice, first in line {_lines[path]}");
        _json.Read();
        return path;
    }

    private void AddValue(string path)
    {
        var origin = $"{_name}, line {Line}";
        var kind = _json.TokenType switch
        {
            JsonTokenType.String => EntryKind.Text,
            JsonTokenType.Number => EntryKind.Number,
            _ => EntryKind.Other,
        };
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        var value = kind == EntryKind.Text ? _json.GetString()! : Encoding.UTF8.GetString(_utf8[start..(int)_json.BytesConsumed]);
        _provider.Add(path, value, origin, kind);
    }
}
