using Shortline.Client;

return await ToolProgram.RunAsync(args, Console.In, Console.Out, Console.Error);
