using Shortline.Client.Tool;

return await ToolProgram.RunAsync(args, Console.In, Console.Out, Console.Error);
