using Shortline.Playground.Clients;

namespace Shortline.Playground.Keys;

/// <summary>
/// A line in which the user types a request. Enter sends it, Escape cancels it; Enter alone sends the last request again.
/// </summary>
internal sealed class RequestPrompt
{
    private const int Longest = 1000;

    private string _last = "echo hello";

    /// <summary>Whether the prompt takes the keys.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The text typed so far.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The fault of the line; empty if there is none.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The request that Enter alone sends.</summary>
    public string Usual => _last;

    public void Open() => (IsOpen, Text, Fault) = (true, "", "");

    public void Close() => IsOpen = false;

    /// <summary>Handles a key.</summary>
    /// <returns>The request if the key was Enter and the line is a request; else null.</returns>
    public PlayRequest? Take(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Escape:
                Close();
                return null;
            case ConsoleKey.Enter:
                return Finish();
            case ConsoleKey.Backspace:
                Text = Text[..^LastLetter(Text)];
                return null;
            default:
                if (!char.IsControl(key.KeyChar) && Text.Length < Longest)
                    (Text, Fault) = (Text + key.KeyChar, "");
                return null;
        }
    }

    private static int LastLetter(string text) =>
        text.Length == 0 ? 0 : text.Length > 1 && char.IsSurrogatePair(text[^2], text[^1]) ? 2 : 1;

    private PlayRequest? Finish()
    {
        var line = Text.Trim().Length == 0 ? _last : Text;
        if (RequestText.Read(line, out var fault) is not { } request)
        {
            Fault = fault;
            return null;
        }

        _last = line;
        Close();
        return request;
    }
}
