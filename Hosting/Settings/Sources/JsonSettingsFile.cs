using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Shortline.Hosting;

/// <summary>
/// Reads a settings file: an object of sections, each an object of keys. Comments and trailing commas are allowed. Unlike the
/// framework's configuration provider it says the line of everything, and every fault at once, duplicates too.
/// </summary>
internal static class JsonSettingsFile
{
    // A settings file is a few kilobytes; what is larger was given by mistake.
    private const int LargestFile = 1_000_000;

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Adds what the file says to <paramref name="entries"/> and what is wrong with it to <paramref name="faults"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The file as messages name it.</param>
    /// <param name="entries">Takes the values.</param>
    /// <param name="faults">Takes the faults.</param>
    public static void Read(string path, string name, List<SettingEntry> entries, List<SettingsFault> faults)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                faults.Add(SettingsFault.Of(name, $"larger than {LargestFile} bytes: this is no settings file"));
            else
                Parse(File.ReadAllBytes(path), name, entries, faults);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(SettingsFault.Of(name, $"cannot be read: {exception.Message}"));
        }
    }

    /// <inheritdoc cref="Read"/>
    public static void Parse(ReadOnlySpan<byte> utf8, string name, List<SettingEntry> entries, List<SettingsFault> faults)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(utf8))
        {
            faults.Add(SettingsFault.Of(name, "not UTF-8 text"));
            return;
        }

        try
        {
            new Parser(utf8, name, entries, faults).ParseFile();
        }
        catch (JsonException exception)
        {
            // What was read before the break is not used: half a file is nobody's wish.
            entries.Clear();
            faults.Add(SettingsFault.Of(
                $"{name}, line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}",
                $"not JSON: {WithoutPosition(exception.Message)}"));
        }
    }

    private static string WithoutPosition(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }

    private ref struct Parser(ReadOnlySpan<byte> utf8, string name, List<SettingEntry> entries, List<SettingsFault> faults)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);
        private Utf8JsonReader _json = new(utf8, Options);

        private readonly int Line => 1 + _utf8[..(int)_json.TokenStartIndex].Count((byte)'\n');

        public void ParseFile()
        {
            _json.Read();
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                faults.Add(SettingsFault.Of($"{name}, line {Line}", "an object of sections is wanted: { \"server\": { … } }"));
                return;
            }

            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
                ParseSection(NameHere(prefix: ""));
            _json.Read(); // Past the end: what follows the object is a fault.
        }

        private void ParseSection(string section)
        {
            _json.Read();
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                AddValue(section);
                return;
            }

            while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            {
                var path = NameHere(prefix: section + ".");
                _json.Read();
                AddValue(path);
            }
        }

        private readonly string NameHere(string prefix)
        {
            var path = prefix + _json.GetString();
            if (!_lines.TryAdd(path, Line))
                faults.Add(SettingsFault.Of($"{name}, line {Line}", $"{path} is there a second time, after line {_lines[path]}"));
            return path;
        }

        private void AddValue(string path)
        {
            var origin = $"{name}, line {Line}";
            var kind = _json.TokenType switch
            {
                JsonTokenType.String => EntryKind.Text,
                JsonTokenType.Number => EntryKind.Number,
                _ => EntryKind.Other,
            };
            var start = (int)_json.TokenStartIndex;
            _json.Skip();
            var value = kind == EntryKind.Text ? _json.GetString()! : Encoding.UTF8.GetString(_utf8[start..(int)_json.BytesConsumed]);
            entries.Add(new SettingEntry(path, value, kind, origin));
        }
    }
}
