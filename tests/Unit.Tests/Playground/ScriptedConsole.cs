using Spectre.Console;
using Spectre.Console.Rendering;

namespace Shortline.Unit.Tests.Playground;

/// <summary>A terminal whose keys come from a list. Reading beyond the end of the list fails instead of waiting.</summary>
internal sealed class ScriptedConsole : IAnsiConsole, IAnsiConsoleInput, IDisposable
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();
    private readonly StringWriter _writer = new();
    private readonly IAnsiConsole _console;

    public ScriptedConsole(params IEnumerable<ConsoleKey> keys)
    {
        foreach (var key in keys)
            _keys.Enqueue(new ConsoleKeyInfo(key is >= ConsoleKey.D0 and <= ConsoleKey.D9 ? (char)key : '\0', key, false, false, false));
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_writer),
        });
        _console.Profile.Width = 120;
    }

    /// <summary>The whole output, including control sequences.</summary>
    public string Output => _writer.ToString();

    public int KeysLeft => _keys.Count;

    public Profile Profile => _console.Profile;

    public IAnsiConsoleCursor Cursor => _console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _console.ExclusivityMode;

    public RenderPipeline Pipeline => _console.Pipeline;

    public void Clear(bool home) => _console.Clear(home);

    public void Write(IRenderable renderable) => _console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => _console.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) => _keys.Dequeue();

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));

    public void Dispose() => _writer.Dispose();
}
