using Shortline.Client;

return await Tool.RunAsync(args, Console.Out, Console.Error);
