using Shortline.Silo;

return await SiloCommand.RunAsync(args);
