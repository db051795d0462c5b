using Shortline.Hosting.Start;
using Shortline.Playground.Command;
using Shortline.Playground.Run;
using Spectre.Console;

StandardOutput.Use();
return await ProgramStart.RunAsync(async () =>
{
    var arguments = new PlaygroundCommand().Read(args, Console.Out, Console.Error, out var exitCode);
    if (arguments is null)
        return exitCode;

    var console = AnsiConsole.Console;
    var isTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi && !Console.IsInputRedirected;
    return await new PlaygroundRun(console, isTerminal, TimeProvider.System).RunAsync(arguments);
});
