using Shortline.Bench;

// A verb is a benchmark; without one this is the comparison over UDP. Three verbs are this program's own: its child processes.
return args switch
{
    [EchoProcess.Verb, var kind] => EchoProcess.Run(kind),
    [LoadProcess.Verb, .. var numbers] => LoadProcess.Run(numbers),
    [BenchSilo.Verb, var slowerMs, .. var options] => await BenchSilo.RunAsync(slowerMs, options),
    ["loss", .. var options] => await LossCommand.RunAsync(options),
    ["algorithms", .. var options] => await AlgorithmsCommand.RunAsync(options),
    ["simulate", .. var options] => SimulateCommand.Run(options),
    ["udp", .. var options] => await UdpCommand.RunAsync(options),
    _ => await UdpCommand.RunAsync(args),
};
