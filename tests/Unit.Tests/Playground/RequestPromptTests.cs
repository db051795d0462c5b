using Shortline.Playground.Keys;

namespace Shortline.Unit.Tests.Playground;

public sealed class RequestPromptTests
{
    private readonly RequestPrompt _prompt = new();

    [Fact]
    public void A_typed_and_corrected_line_is_sent_with_enter()
    {
        _prompt.Open();
        Type("echo hix");
        _prompt.Take(Key(ConsoleKey.Backspace));
        Assert.Equal("echo hi", _prompt.Text);

        Assert.Equal("echo hi", _prompt.Take(Key(ConsoleKey.Enter))!.Text);
        Assert.False(_prompt.IsOpen);
    }

    [Fact]
    public void Enter_on_an_empty_line_repeats_the_last_request()
    {
        _prompt.Open();
        Assert.Equal("echo hello", _prompt.Take(Key(ConsoleKey.Enter))!.Text);
        _prompt.Open();
        Type("directory");
        _prompt.Take(Key(ConsoleKey.Enter));
        _prompt.Open();
        Assert.Equal("directory", _prompt.Take(Key(ConsoleKey.Enter))!.Text);
    }

    [Fact]
    public void A_faulty_line_stays_open_with_its_fault_until_it_is_corrected()
    {
        _prompt.Open();
        Type("compute x");
        Assert.Null(_prompt.Take(Key(ConsoleKey.Enter)));
        Assert.Equal((true, "compute x", "compute SECONDS: a number from 0 to 60"), (_prompt.IsOpen, _prompt.Text, _prompt.Fault));

        _prompt.Take(Key(ConsoleKey.Backspace));
        Type("1");
        Assert.Equal("", _prompt.Fault);
        Assert.Equal("compute 1", _prompt.Take(Key(ConsoleKey.Enter))!.Text);
    }

    [Fact]
    public void Escape_closes_the_prompt_and_control_keys_add_no_text()
    {
        _prompt.Open();
        _prompt.Take(Key(ConsoleKey.UpArrow));
        _prompt.Take(new ConsoleKeyInfo('\t', ConsoleKey.Tab, false, false, false));
        Assert.Equal("", _prompt.Text);
        _prompt.Take(Key(ConsoleKey.Backspace));
        Assert.Null(_prompt.Take(Key(ConsoleKey.Escape)));
        Assert.False(_prompt.IsOpen);
    }

    [Fact]
    public void Backspace_deletes_a_surrogate_pair_as_one_character_and_a_lone_surrogate_is_accepted()
    {
        _prompt.Open();
        Type("echo a🚂");
        _prompt.Take(Key(ConsoleKey.Backspace));
        Assert.Equal("echo a", _prompt.Text);

        Type("\ud83d");
        Assert.NotNull(_prompt.Take(Key(ConsoleKey.Enter)));
    }

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);

    private void Type(string text)
    {
        foreach (var letter in text)
            _prompt.Take(new ConsoleKeyInfo(letter, ConsoleKey.None, false, false, false));
    }
}
