using Shortline.CountingSilo;
using Shortline.Grains.Handlers;
using Shortline.Silo;

// A silo with the command line of Silo and a handler of its own, as a user writes one. The last argument is the folder of the run files.
using var runs = new RunLog(args[^1]);
return await SiloCommand.RunAsync(args[..^1], builder => builder.Services.AddWorkHandler("count", runs.Handle));
