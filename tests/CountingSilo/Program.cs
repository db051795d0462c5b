using Shortline.CountingSilo;
using Shortline.Grains.Handlers;
using Shortline.Silo;

// A silo as a user would write one: the command line of Silo, and a handler of its own. The last argument is the folder to count in.
using var runs = new RunLog(args[^1]);
return await SiloCommand.RunAsync(args[..^1], builder => builder.Services.AddWorkHandler("count", runs.Handle));
