using Shortline.Bench.Algorithms;
using Shortline.Bench.Choice;
using Shortline.Bench.Connections;
using Shortline.Bench.Echo;
using Shortline.Bench.Hostile;
using Shortline.Bench.Load;
using Shortline.Bench.Loss;
using Shortline.Bench.Overload;
using Shortline.Bench.Simulation;
using Shortline.Bench.Soak;
using Shortline.Bench.Udp;

// The verb names the benchmark; without one, the UDP benchmark runs. The first three verbs are hidden: the program starts its child
// processes with them.
return args switch
{
    [EchoProcess.Verb, var kind] => EchoProcess.Run(kind),
    [LoadProcess.Verb, .. var numbers] => LoadProcess.Run(numbers),
    [BenchSilo.Verb, var slowerMs, .. var options] => await BenchSilo.RunAsync(slowerMs, options),
    ["loss", .. var options] => await LossCommand.RunAsync(options),
    ["algorithms", .. var options] => await AlgorithmsCommand.RunAsync(options),
    ["connections", .. var options] => await ConnectionsCommand.RunAsync(options),
    ["soak", .. var options] => await SoakCommand.RunAsync(options),
    ["overload", .. var options] => await OverloadCommand.RunAsync(options),
    ["hostile", .. var options] => await HostileCommand.RunAsync(options),
    ["choice", .. var options] => ChoiceCommand.Run(options),
    ["simulate", .. var options] => SimulateCommand.Run(options),
    ["udp", .. var options] => await UdpCommand.RunAsync(options),
    _ => await UdpCommand.RunAsync(args),
};
